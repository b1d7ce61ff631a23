using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Recording;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Recording;

public sealed class RecordingTests(ModelFolder folder) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string files = Directory.CreateTempSubdirectory("xdistil-record-").FullName;

    public void Dispose() => Directory.Delete(files, recursive: true);

    private string At(string name) => Path.Combine(files, name);

    private IReadOnlyList<InspectedWindow> Windows(int words)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, "who?", ModelFolder.Text(words), new AnswerOptions { MaxLength = 24 }).Windows;
    }

    [Fact]
    public void Values_are_those_of_a_forward_pass()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var window = Windows(6)[0];
        Point[] points = [Point.Embeddings, Point.AttentionProbabilities(0), Point.Query(1)];
        using var context = new ForwardContext().Record(points);
        using var scope = NewDisposeScope();
        using (no_grad())
            model.Forward(window.ToInput(CPU), context);

        using var recording = WindowRecording.Of(model, window, points, CPU);

        recording.Tensors.Should().HaveCount(3);
        foreach (var point in points)
            recording.Tensors[point.ToString()].ShouldEqualBitForBit(context[point], point.ToString());
        RecordingPlan.Of(model, points, [window]).BytesOnDisk.Should().Be(recording.Tensors.Values.Sum(tensor => tensor.numel() * 4));
    }

    [Fact]
    public void Gradients_are_slopes_of_the_score_and_the_parameters_get_none()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path, new LoadingOptions { DType = ScalarType.Float64 });
        var window = Windows(6)[0];
        var target = LogitTarget.Margin(new TokenSpan(4, 5));
        Point[] points = [Point.Embeddings, Point.Value(0), Point.AttentionProbabilities(1), Point.MlpOutput(1), Point.Logits];

        using var recording = WindowRecording.Of(model, window, points, CPU, target);

        model.parameters().Should().OnlyContain(p => object.ReferenceEquals(p.grad, null) && p.requires_grad);
        foreach (var point in points)
        {
            var (slope, gradient) = Slope(model, window, point, target, recording.Tensors[$"gradient/{point}"]);
            gradient.Should().BeApproximately(slope, 1e-5 * Math.Max(1, Math.Abs(slope)), point.ToString());
        }
    }

    // Along a random direction, by central difference.
    private static (double Slope, double Gradient) Slope(
        BertForQuestionAnswering model,
        InspectedWindow window,
        Point point,
        LogitTarget target,
        Tensor gradient
    )
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(5);
        var direction = empty_like(gradient).normal_(0, 1, generator);
        double At(double t)
        {
            using var context = new ForwardContext().Replace(point, value => value.add(direction.mul(t)));
            var output = model.Forward(window.ToInput(CPU), context);
            return target.Of(output.StartLogits, output.EndLogits).item<double>();
        }
        return ((At(1e-5) - At(-1e-5)) / 2e-5, gradient.mul(direction).sum().item<double>());
    }

    [Fact]
    public void A_safetensors_file_has_every_window_and_says_what_its_tokens_are()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var windows = Windows(30);
        windows.Count.Should().BeGreaterThan(2);
        Point[] points = [Point.AttentionProbabilities(0), Point.Query(1), Point.Intermediate(1), Point.Logits];
        var plan = RecordingPlan.Of(model, points, windows);
        using var inOneGo = new Recordings(windows.Select(window => WindowRecording.Of(model, window, points, CPU)));
        using (var streamed = new SafeTensorsRecording(At("r.safetensors"), plan))
        {
            foreach (var recording in inOneGo)
                streamed.Add(recording);
            File.Exists(At("r.safetensors")).Should().BeFalse("it is not complete");
            streamed.Commit();
        }

        using var file = SafeTensors.Open(At("r.safetensors"));
        file.Tensors.Should().HaveCount(4 * windows.Count);
        file.Tensors.Values.Sum(tensor => tensor.ByteLength).Should().Be(plan.BytesOnDisk);
        foreach (var recording in inOneGo)
        {
            var window = $"window.{recording.Window.Tokens.Index}";
            foreach (var (name, tensor) in recording.Tensors)
            {
                using var read = file.Read($"{window}/{name}");
                read.ShouldEqualBitForBit(tensor, name);
            }
            var tokens = JsonDocument.Parse(file.Metadata[$"{window}/tokens"]).RootElement;
            tokens.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()).Should().Equal(recording.Window.Pieces);
            tokens.GetProperty("offsets_utf16").GetArrayLength().Should().Be(2 * recording.Window.Length);
        }
        Directory.GetFiles(files).Should().HaveCount(1);
    }

    private sealed class Recordings(IEnumerable<WindowRecording> made) : List<WindowRecording>(made), IDisposable
    {
        public void Dispose() => ForEach(recording => recording.Dispose());
    }

    [Fact]
    public void A_window_that_was_chosen_keeps_its_number_and_its_gradients_their_names()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var window = Windows(30)[1];
        Point[] points = [Point.LayerOutput(1)];
        using (var file = new SafeTensorsRecording(At("r.safetensors"), RecordingPlan.Of(model, points, [window], withGradients: true)))
        {
            using var recording = WindowRecording.Of(model, window, points, CPU, LogitTarget.Null);
            file.Add(recording);
            file.Invoking(full => full.Add(recording)).Should().Throw<ArgumentException>().WithMessage("*was written already*");
            file.Commit();
        }

        using var read = SafeTensors.Open(At("r.safetensors"));
        read.Tensors.Keys.Should().Equal("window.1/layer.1.LayerOutput", "window.1/gradient/layer.1.LayerOutput");
    }

    [Fact]
    public void What_was_announced_and_did_not_come_is_not_in_the_file()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var windows = Windows(30);
        using (var file = new SafeTensorsRecording(At("r.safetensors"), RecordingPlan.Of(model, [Point.Logits], windows)))
        {
            using var recording = WindowRecording.Of(model, windows[2], [Point.Logits], CPU);
            file.Add(recording);
            file.Commit();
        }

        var read = SafeTensors.Read(At("r.safetensors"));
        read.Should().ContainSingle().Which.Key.Should().Be("window.2/Logits");
        read.Values.Single().Dispose();
    }

    [Fact]
    public void Too_much_is_refused_with_how_much_it_is_and_how_to_ask_for_less()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var windows = Windows(30);
        var plan = RecordingPlan.Of(model, [Point.Intermediate(0), Point.Logits], windows, withGradients: true);

        plan.BytesInMemory.Should().Be(2 * 4 * windows.Max(window => window.Length) * (64 + 2));
        plan.BytesOnDisk.Should().Be(windows.Sum(window => 2 * 4 * window.Length * (64 + 2)));
        plan.Invoking(p => p.Refuse(p.BytesOnDisk, 2 * p.BytesInMemory)).Should().NotThrow();
        plan.Invoking(p => p.Refuse(p.BytesOnDisk, (2 * p.BytesInMemory) - 2))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(
                "one window of these points would take 12.7 kB of memory, of this machine's 25.3 kB at most half. Ask for fewer points*--max-length*"
            );
        plan.Invoking(p => p.Refuse(p.BytesOnDisk - 1, long.MaxValue))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(
                $"{windows.Count} windows of these points would take * kB on the disk, which has * kB free. Ask for fewer*--window*"
            );
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1000, "1 kB")]
    [InlineData(999_960, "1 MB")]
    [InlineData(12_345_678_901, "12.3 GB")]
    public void Sizes_are_told_in_units_of_a_thousand(long bytes, string size) => ByteSize.Of(bytes).Should().Be(size);

    [Fact]
    public void An_npz_file_has_every_window_as_NumPy_reads_it()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var windows = Windows(30);
        windows.Count.Should().BeGreaterThan(1);
        List<WindowRecording> recordings =
        [
            .. windows.Select(window => WindowRecording.Of(model, window, [Point.AttentionContext(0), Point.Logits], CPU)),
        ];
        using (var npz = new NpzRecording(At("r.npz")))
        {
            foreach (var recording in recordings)
                npz.Add(recording);
            File.Exists(At("r.npz")).Should().BeFalse("it is not complete");
            npz.Commit();
        }

        using var archive = ZipFile.OpenRead(At("r.npz"));
        archive.Entries.Should().HaveCount(3 * windows.Count);
        for (var i = 0; i < windows.Count; i++)
        {
            foreach (var (name, tensor) in recordings[i].Tensors)
                ReadArray(archive.GetEntry($"window.{i}/{name}.npy")!, tensor.shape).ShouldEqualBitForBit(tensor, name);
            using var text = archive.GetEntry($"window.{i}/tokens.json")!.Open();
            JsonDocument.Parse(text).RootElement.GetProperty("window").GetInt32().Should().Be(i);
            recordings[i].Dispose();
        }
        Directory.GetFiles(files).Should().HaveCount(1);
    }

    // As the format's description says, not as it was written.
    private static Tensor ReadArray(ZipArchiveEntry entry, long[] shape)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        bytes[..8].Should().Equal(0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)),
            start = 10 + length;
        (start % 64).Should().Be(0);
        Encoding
            .ASCII.GetString(bytes, 10, length)
            .Should()
            .Match($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", shape)},), }}*\n");
        return tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray(), shape);
    }

    [Fact]
    public void A_file_that_is_given_up_leaves_nothing()
    {
        using (new NpzRecording(At("r.npz"))) { }

        Directory.GetFiles(files).Should().BeEmpty();
        FluentActions
            .Invoking(() => new NpzRecording(At("no/r.npz")))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("*no/r.npz: cannot be written*");

        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var plan = RecordingPlan.Of(model, [Point.Logits], Windows(6));
        using (new SafeTensorsRecording(At("r.safetensors"), plan)) { }
        Directory.GetFiles(files).Should().BeEmpty();
        FluentActions
            .Invoking(() => new SafeTensorsRecording(At("no/r.safetensors"), plan))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage("*no/r.safetensors cannot be written*");
    }

    [Theory]
    [InlineData("*", 26)]
    [InlineData("Embeddings,Logits", 2)]
    [InlineData("layer.1.Query", 1)]
    [InlineData("layer.*.Query, layer.0.Key", 3)]
    [InlineData("layer.0-1.LayerOutput", 2)]
    public void Points_are_named_alone_by_ranges_or_all(string pattern, int count) =>
        PointPattern.Find([pattern], 2).Should().HaveCount(count);

    [Theory]
    [InlineData("layer.2.Query")]
    [InlineData("layer.0.query")]
    [InlineData("layer.1-0.Query")]
    [InlineData("layer.x.Query")]
    [InlineData("")]
    public void What_is_no_point_is_told(string pattern) =>
        FluentActions
            .Invoking(() => PointPattern.Find(["Logits", pattern], 2))
            .Should()
            .Throw<InspectionException>()
            .WithMessage($"no point is called \"{pattern}\" in a model of 2 layers*xdistil inspect points*");
}
