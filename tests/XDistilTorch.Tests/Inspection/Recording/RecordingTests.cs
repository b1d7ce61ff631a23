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
        recording
            .Tensors.Values.Sum(tensor => tensor.numel() * 4)
            .Should()
            .Be(WindowRecording.Bytes(model.Config, points, window.Length, 4, withGradients: false));
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
    public void A_safetensors_file_says_what_its_tokens_are()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        using var recording = WindowRecording.Of(model, Windows(6)[0], [Point.LayerOutput(1)], CPU);

        SafeTensorsRecording.Write(At("r.safetensors"), recording);

        using var file = SafeTensors.Open(At("r.safetensors"));
        file.Tensors.Keys.Should().Equal("layer.1.LayerOutput");
        var tokens = JsonDocument.Parse(file.Metadata["tokens"]).RootElement;
        tokens.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()).Should().Equal(recording.Window.Pieces);
        tokens.GetProperty("offsets_utf16").GetArrayLength().Should().Be(2 * recording.Window.Length);
    }

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
