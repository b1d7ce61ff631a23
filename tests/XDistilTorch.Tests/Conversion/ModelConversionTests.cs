using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Conversion;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Conversion;

/// <summary>Conversions of the reference's small model, held against the same model as the reference wrote it in the other form.</summary>
public sealed class ModelConversionTests : IDisposable
{
    private const string Formats = "model/formats",
        Original = "model/tiny/model.safetensors";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A model folder with a golden's weights under one of the usual names.</summary>
    private string Source(string golden, string name)
    {
        var source = Directory.CreateDirectory(folder.At("source")).FullName;
        File.Copy(GoldenFolder.Require("model/tiny/config.json"), Path.Combine(source, "config.json"));
        File.Copy(GoldenFolder.Require(golden), Path.Combine(source, name));
        return source;
    }

    private ConversionReport Convert(string source, ScalarType? type = null, long? shard = null) =>
        ModelConversion.Convert(source, folder.At("out"), new ConversionOptions { DType = type, MaxShardSize = shard });

    private static void ShouldBeSame(string folder, string golden)
    {
        using var scope = NewDisposeScope();
        using Checkpoint written = Checkpoint.Open(folder),
            expected = Checkpoint.Open(GoldenFolder.Require(golden));
        written.Tensors.Keys.Should().BeEquivalentTo(expected.Tensors.Keys);
        foreach (var name in expected.Tensors.Keys)
            written.Read(name).ShouldEqualBitForBit(expected.Read(name), name);
    }

    [Theory]
    [InlineData("zip.bin")]
    [InlineData("legacy.bin")]
    [InlineData("zip_shared_transposed.bin")]
    [InlineData("legacy_shared_transposed.bin")]
    public void Python_s_files_become_the_safetensors_that_the_reference_wrote(string golden)
    {
        var report = Convert(Source($"{Formats}/{golden}", "pytorch_model.bin"));

        ShouldBeSame(folder.At("out"), Original);
        report.WeightFiles.Should().Equal("model.safetensors");
        report.Rounded.Should().Be(0);
        report.Types.Should().Equal(new Dictionary<DType, int> { [DType.F32] = report.Tensors });
        using var model = BertForQuestionAnswering.FromPretrained(folder.At("out"));
    }

    [Theory]
    [InlineData(ScalarType.Float16, "f16.safetensors", 0.00048804283142089844, "float16")]
    [InlineData(ScalarType.BFloat16, "bf16.safetensors", 0.0038847923278808594, "bfloat16")]
    public void Narrower_types_are_rounded_as_the_reference_rounds(ScalarType type, string golden, double largest, string name)
    {
        var report = Convert(Source(Original, "model.safetensors"), type);

        ShouldBeSame(folder.At("out"), $"{Formats}/{golden}");
        report.LargestChange.Should().Be(largest, "so the reference values say");
        report.Rounded.Should().BeInRange(1, report.Tensors);
        report.Bytes.Should().Be(report.BytesBefore / 2);
        BertConfig.FromFile(folder.At("out/config.json")).DType.Should().Be(name);
    }

    [Theory, InlineData("f16.safetensors", ScalarType.Float16), InlineData("bf16.safetensors", ScalarType.BFloat16)]
    public void Wider_types_and_back_keep_every_number(string golden, ScalarType type)
    {
        var report = Convert(Source($"{Formats}/{golden}", "model.safetensors"), ScalarType.Float32);

        (report.Rounded, report.LargestChange).Should().Be((0, 0.0));
        ModelConversion.Convert(folder.At("out"), folder.At("back"), new ConversionOptions { DType = type });
        ShouldBeSame(folder.At("back"), $"{Formats}/{golden}");
    }

    [Theory, InlineData("old_names.safetensors", ""), InlineData("old_names_prefixed.safetensors", "bert.")]
    public void Old_names_become_those_of_today_and_nothing_is_dropped(string golden, string prefix)
    {
        var report = Convert(Source($"{Formats}/{golden}", "model.safetensors"));

        using Checkpoint before = Checkpoint.Open(GoldenFolder.At($"{Formats}/{golden}")),
            after = Checkpoint.Open(folder.At("out"));
        after.Tensors.Should().HaveSameCount(before.Tensors);
        after
            .Tensors.Keys.Should()
            .Contain($"{prefix}embeddings.LayerNorm.weight")
            .And.Contain($"{prefix}pooler.dense.weight")
            .And.NotContain(name => name.EndsWith("gamma") || name.EndsWith("beta"));
        report.Renamed.Should().Contain(new RenamedTensor($"{prefix}embeddings.LayerNorm.gamma", $"{prefix}embeddings.LayerNorm.weight"));
        report.Renamed.Should().HaveCount(before.Tensors.Keys.Count(name => name.EndsWith("gamma") || name.EndsWith("beta")));
        after.Tensors[$"{prefix}embeddings.position_ids"].DType.Should().Be(DType.I64);
        using var model = BertForQuestionAnswering.FromPretrained(folder.At("out"));
        using var expected = BertForQuestionAnswering.FromPretrained(GoldenFolder.At("model/tiny"));
        foreach (var (name, parameter) in model.named_parameters())
            parameter.ShouldEqualBitForBit(expected.get_parameter(name)!, name);
    }

    [Fact]
    public void Whole_numbers_keep_their_type()
    {
        Convert(Source($"{Formats}/old_names.safetensors", "model.safetensors"), ScalarType.Float16)
            .Types.Keys.Should()
            .BeEquivalentTo([DType.F16, DType.I64]);
    }

    [Fact]
    public void Parts_become_one_file_and_one_file_becomes_parts()
    {
        var parts = Convert(Source(Original, "model.safetensors"), shard: 20_000);

        parts.WeightFiles.Should().HaveCountGreaterThan(3);
        parts.WeightFiles[0].Should().Be($"model-00001-of-{parts.WeightFiles.Count - 1:00000}.safetensors");
        foreach (var file in parts.WeightFiles.Where(name => name.EndsWith(".safetensors")))
        {
            using var shard = SafeTensors.Open(folder.At($"out/{file}"));
            (shard.Tensors.Count == 1 || shard.Tensors.Values.Sum(tensor => tensor.ByteLength) <= 20_000).Should().BeTrue(file);
        }
        using (var index = JsonDocument.Parse(File.ReadAllBytes(folder.At("out/model.safetensors.index.json"))))
            index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64().Should().Be(parts.Bytes);
        ShouldBeSame(folder.At("out"), Original);

        ModelConversion.Convert(folder.At("out"), folder.At("one"));
        ShouldBeSame(folder.At("one"), Original);
        Directory.GetFiles(folder.At("one")).Select(Path.GetFileName).Should().BeEquivalentTo("config.json", "model.safetensors");
    }

    [Fact]
    public void Equal_models_give_equal_files_whatever_form_they_had()
    {
        Convert(Source($"{Formats}/legacy.bin", "pytorch_model.bin"));
        Directory.Delete(folder.At("source"), recursive: true);
        ModelConversion.Convert(Source(Original, "model.safetensors"), folder.At("other"));

        var notes = SafeTensors.Open(folder.At("other/model.safetensors"));
        notes.Metadata.Should().Contain("format", "pt");
        notes.Dispose();
        File.ReadAllBytes(folder.At("out/model.safetensors")).Should().Equal(File.ReadAllBytes(folder.At("other/model.safetensors")));
    }

    [Fact]
    public void What_belongs_to_the_model_is_taken_along_and_the_rest_named()
    {
        using var model = new ModelFolder();
        File.WriteAllText(model.File("README.md"), "A model.");
        File.WriteAllText(model.File("training.json"), "{}");
        File.WriteAllText(model.File("pytorch_model.bin"), "the same again");

        var report = Convert(model.Path);

        report.Copied.Should().Equal("config.json", "vocab.txt", "tokenizer_config.json", "README.md");
        report.LeftOut.Should().Equal("training.json");
        foreach (var name in report.Copied)
            File.ReadAllBytes(folder.At($"out/{name}")).Should().Equal(File.ReadAllBytes(model.File(name)), "the type is as it was");
        using var answerer = QuestionAnswerer.FromPretrained(folder.At("out"));
        using var before = QuestionAnswerer.FromPretrained(model.Path);
        var question = ModelFolder.Question(3);
        answerer
            .Answer(question.Question, question.Context)
            .ToJson()
            .Should()
            .Be(before.Answer(question.Question, question.Context).ToJson());
    }

    [Theory]
    [InlineData("""{"model_type": "bert", "torch_dtype": "float32", """, "torch_dtype", "dtype")]
    [InlineData("""{"model_type": "bert", "dtype": "float32", """, "dtype", "torch_dtype")]
    [InlineData("""{"model_type": "bert", """, "dtype", "torch_dtype")]
    public void The_config_names_the_type_where_it_did_and_keeps_every_other_field(string start, string field, string other)
    {
        using var model = new ModelFolder();
        var rest = File.ReadAllText(model.File("config.json")).Replace("{\"model_type\":\"bert\",", "", StringComparison.Ordinal);
        File.WriteAllText(model.File("config.json"), $"{start}\"layer_norm_eps\": 1e-12, \"id2label\": {{\"0\": \"é\"}}, {rest}");

        Convert(model.Path, ScalarType.BFloat16);

        var written = File.ReadAllText(folder.At("out/config.json"));
        using var config = JsonDocument.Parse(written);
        config.RootElement.GetProperty(field).GetString().Should().Be("bfloat16");
        config.RootElement.TryGetProperty(other, out _).Should().BeFalse();
        written.Should().Contain("1e-12").And.Contain("\"é\"");
    }

    private string WithWeights(params (string Name, Tensor Tensor)[] tensors)
    {
        var source = Directory.CreateDirectory(folder.At("source")).FullName;
        File.Copy(GoldenFolder.Require("model/tiny/config.json"), Path.Combine(source, "config.json"), overwrite: true);
        SafeTensors.Write(Path.Combine(source, "model.safetensors"), tensors.Select(t => KeyValuePair.Create(t.Name, t.Tensor)));
        foreach (var (_, tensor) in tensors)
            tensor.Dispose();
        return source;
    }

    private void ShouldFail(string source, ScalarType? type, string message)
    {
        FluentActions.Invoking(() => Convert(source, type)).Should().Throw<CheckpointException>().WithMessage(message);
        folder.Names.Should().Equal("source");
    }

    [Fact]
    public void Numbers_beyond_the_type_are_refused_and_all_their_tensors_named()
    {
        var source = WithWeights(
            ("fine", tensor([1f, 65504f])),
            ("large", tensor([1f, -70000f])),
            ("infinite", tensor([float.PositiveInfinity])),
            ("larger", tensor([1e30f]))
        );

        ShouldFail(
            source,
            ScalarType.Float16,
            "*2 tensors cannot be stored as Float16, whose numbers end at 65504:*large has numbers up to 7E+04*larger has numbers up to 1E+30*BFloat16."
        );

        Convert(source, ScalarType.BFloat16)
            .Tensors.Should()
            .Be(4, "that type reaches as far as fp32, and an infinity that was there stays one");
    }

    [Fact]
    public void Numbers_that_are_none_stay_so()
    {
        var source = WithWeights(("odd", tensor([float.NaN, float.NegativeInfinity, -0f, float.Epsilon])));

        Convert(source, ScalarType.Float16).Rounded.Should().Be(1, "the smallest number becomes zero");

        using var scope = NewDisposeScope();
        var odd = SafeTensors.Read(folder.At("out/model.safetensors"))["odd"].to(ScalarType.Float32).data<float>().ToArray();
        odd.Should().Equal([float.NaN, float.NegativeInfinity, -0f, 0f], (a, b) => a.Equals(b));
        float.IsNegative(odd[2]).Should().BeTrue();
    }

    [Fact]
    public void One_tensor_by_two_names_is_refused()
    {
        var source = WithWeights(("a.LayerNorm.gamma", ones(2)), ("a.LayerNorm.weight", ones(2)));

        ShouldFail(
            source,
            null,
            "*names of before 2019 and of today for the same tensors: a.LayerNorm.gamma and a.LayerNorm.weight. Remove one of each."
        );
    }

    [Fact]
    public void The_format_s_own_name_is_no_tensor_s()
    {
        var source = Source(Original, "unused");
        File.Delete(Path.Combine(source, "unused"));
        var pickle = new PickleBytes()
            .EmptyOrderedDict()
            .Text("__metadata__")
            .Tensor(p => p.Storage("0", 4, legacy: false), 0, [4], [1])
            .SetItem()
            .Stop();
        File.WriteAllBytes(Path.Combine(source, "pytorch_model.bin"), ZipBytes.Torch(pickle).End());

        ShouldFail(source, null, "*pytorch_model.bin: has a tensor __metadata__, which is safetensors' own name*");
    }

    [Fact]
    public void Empty_tensors_and_scalars_are_converted_too()
    {
        var report = Convert(WithWeights(("empty", zeros(0, 4)), ("scalar", tensor(0.1))), ScalarType.Float16);

        (report.Tensors, report.Numbers, report.Rounded).Should().Be((2, 1L, 1));
    }

    [Fact]
    public void Nothing_is_written_over_and_nothing_half()
    {
        var source = Source(Original, "model.safetensors");
        Directory.CreateDirectory(folder.At("out"));
        FluentActions.Invoking(() => Convert(source)).Should().Throw<CheckpointException>().WithMessage("*out: is there already*");
        Directory.Delete(folder.At("out"));

        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        FluentActions
            .Invoking(() => ModelConversion.Convert(source, folder.At("out"), null, stopped.Token))
            .Should()
            .Throw<OperationCanceledException>();

        var bytes = File.ReadAllBytes(Path.Combine(source, "model.safetensors"));
        File.WriteAllBytes(Path.Combine(source, "model.safetensors"), bytes[..^1]);
        ShouldFail(source, null, "*model.safetensors*the file has only*");
        File.Delete(Path.Combine(source, "config.json"));
        FluentActions.Invoking(() => Convert(source)).Should().Throw<ConfigException>().WithMessage("*config.json: there is no such file*");
        folder.Names.Should().Equal("source");
    }

    [Fact]
    public void What_was_not_written_as_planned_is_found_when_it_is_read_back()
    {
        using var source = Checkpoint.Open(GoldenFolder.Require(Original));
        var plan = ShardPlan.Of(source, new ConversionOptions { DType = ScalarType.Float16 });
        ConvertedWeights.Write(folder.Path, source, plan, ScalarType.Float16, TestContext.Current.CancellationToken);
        WrittenWeights.Check(folder.Path, source, plan, TestContext.Current.CancellationToken).Rounded.Should().BePositive();
        var bytes = File.ReadAllBytes(folder.At("model.safetensors"));
        bytes[^1] ^= 1; // of the last tensor
        File.WriteAllBytes(folder.At("model.safetensors"), bytes);

        FluentActions
            .Invoking(() => WrittenWeights.Check(folder.Path, source, plan, TestContext.Current.CancellationToken))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage("*qa_outputs.weight has other numbers than qa_outputs.weight of the source*");
    }
}
