using TorchSharp;
using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

public sealed class CheckpointLoaderTests : IDisposable
{
    private static readonly (string, long[])[] Small =
    [
        ("bert.LayerNorm.weight", [2]),
        ("bert.LayerNorm.bias", [2]),
        ("bert.dense.weight", [3, 2]),
        ("qa_outputs.weight", [2, 3]),
        ("qa_outputs.bias", [2]),
    ];

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TensorTree module = TensorTree.Of(Small);

    private string File => folder.At("model.safetensors");

    public void Dispose()
    {
        module.Dispose();
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit()
    {
        using var other = TensorTree.Of(Small, value: 1.0 / 3);
        CheckpointWriter.Save(other, File);

        var report = Load();

        report.Loaded.Should().BeEquivalentTo(Small.Select(p => p.Item1));
        report.Notes.Should().BeEmpty();
        foreach (var (name, parameter) in module.Parameters)
        {
            parameter.eq(other.Parameters[name]).all().item<bool>().Should().BeTrue(name);
            parameter.requires_grad.Should().BeTrue();
        }
        using var written = SafeTensors.Open(File);
        written.Metadata["format"].Should().Be("pt");
    }

    [Fact]
    public void Every_misfit_is_named_in_one_error_and_nothing_is_changed()
    {
        Write(
            ("bert.LayerNorm.weight", zeros(2)),
            ("bert.LayerNorm.bias", zeros(1)),
            ("bert.dense.weight", zeros(2, 3)),
            ("qa_outputs.weight", zeros(2, 3, dtype: ScalarType.Int64)),
            ("classifier.bias", zeros(2)),
            ("odd\nname", zeros(1))
        );

        Refusal(new LoadOptions { ShapedBy = "config.json" })
            .Split('\n')
            .Should()
            .Equal(
                $"{File}: 6 tensors do not fit config.json:",
                "  bert.LayerNorm.bias is [1], expected [2]",
                "  bert.dense.weight is [2, 3], expected [3, 2]",
                "  qa_outputs.weight is of type I64, expected F32",
                "  qa_outputs.bias is missing",
                "  classifier.bias [2] is not expected",
                "  \"odd\\u000aname\" [1] is not expected",
                $"The weights and the settings may belong to different models; take both from the same checkpoint."
            );
        Unchanged();
    }

    [Fact]
    public void Old_names_and_a_missing_prefix_are_understood_and_reported()
    {
        Write(
            ("LayerNorm.gamma", full(2, 1f)),
            ("LayerNorm.beta", full(2, 2f)),
            ("dense.weight", full([3, 2], 3f)),
            ("qa_outputs.weight", full([2, 3], 4f)),
            ("qa_outputs.bias", full(2, 5f))
        );

        var report = Load();

        Values().Should().Equal(1, 2, 3, 4, 5);
        report.OldNames.Select(r => r.ToString()).Should().HaveCount(2);
        report.OldNames.Should().Contain(new RenamedTensor("LayerNorm.gamma", "bert.LayerNorm.weight"));
        report.PrefixAdded.Should().Contain(new RenamedTensor("dense.weight", "bert.dense.weight")).And.HaveCount(3);
        report.Notes.Should().HaveCount(2);
    }

    [Fact]
    public void A_misfit_under_an_old_name_is_named_by_both()
    {
        Write(Good().Where(t => t.Name != "bert.LayerNorm.weight").Append(("LayerNorm.gamma", zeros(5))));

        Refusal().Should().Contain("bert.LayerNorm.weight (there LayerNorm.gamma) is [5], expected [2]");
    }

    [Theory]
    [InlineData("LayerNorm.weight")]
    [InlineData("LayerNorm.gamma")]
    [InlineData("bert.LayerNorm.gamma")]
    public void Two_tensors_for_one_parameter_are_both_named(string second)
    {
        Write(Good().Append((second, zeros(2))));

        Refusal()
            .Should()
            .Contain(second)
            .And.MatchRegex("bert.LayerNorm.weight .*both stand for bert.LayerNorm.weight|and bert.LayerNorm.weight both");
        Unchanged();
    }

    [Fact]
    public void An_exact_name_goes_before_the_rules_for_old_ones()
    {
        using var odd = TensorTree.Of([("LayerNorm.gamma", [2]), ("pooler.dense.bias", [2])]);
        Write(("LayerNorm.gamma", full(2, 7f)), ("pooler.dense.bias", full(2, 8f)));
        using var checkpoint = Checkpoint.Open(File);

        var report = CheckpointLoader.Load(odd, checkpoint);

        report.Loaded.Should().BeEquivalentTo("LayerNorm.gamma", "pooler.dense.bias");
        report.Notes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("pooler.dense.weight", "pooler")]
    [InlineData("bert.pooler.dense.bias", "pooler")]
    [InlineData("embeddings.position_ids", "position ids")]
    [InlineData("bert.embeddings.position_ids", "position ids")]
    [InlineData("cls.predictions.bias", "pre-training")]
    public void Known_parts_of_other_models_are_ignored_with_a_note(string name, string note)
    {
        Write(Good().Append((name, zeros(1, 7, dtype: ScalarType.Int64))));

        var report = Load();

        report.Ignored.Should().ContainSingle().Which.Should().Match<IgnoredTensor>(t => t.Name == name && t.Note.Contains(note));
        report.Notes.Should().ContainSingle().Which.Should().Contain(name);
    }

    [Theory]
    [InlineData("xpooler.dense.weight")]
    [InlineData("bert.encoder.pooler.weight")]
    [InlineData("bert.myposition_ids")]
    [InlineData("bert.cls.weight")]
    [InlineData("clsx.weight")]
    public void Names_that_only_look_like_known_parts_are_refused(string name)
    {
        Write(Good().Append((name, zeros(1))));

        Refusal().Should().Contain($"{name} [1] is not expected");
    }

    [Fact]
    public void Parts_that_may_be_missing_are_left_as_they_were_and_reported()
    {
        Write(Good().Where(t => !t.Name.StartsWith("qa_outputs", StringComparison.Ordinal)));

        var report = Load(new LoadOptions { MayBeMissing = ["qa_outputs"] });

        report.Missing.Should().Equal("qa_outputs.weight", "qa_outputs.bias");
        report.Notes.Should().ContainSingle().Which.Should().Contain("left as initialised: qa_outputs.weight, qa_outputs.bias");
        Values().Should().Equal(9, 9, 9, 0.5f, 0.5f);
        Refusal(new LoadOptions { MayBeMissing = ["qa_out", "qa_outputs.weight"] })
            .Should()
            .Contain("qa_outputs.bias is missing")
            .And.NotContain("weight is");
    }

    [Theory]
    [InlineData(ScalarType.Float16, DType.F16)]
    [InlineData(ScalarType.BFloat16, DType.BF16)]
    [InlineData(ScalarType.Float64, DType.F64)]
    public void Other_floating_types_are_converted_and_reported(ScalarType type, DType dtype)
    {
        Write(Good().Select(t => (t.Name, t.Tensor.to(type))));

        var report = Load();

        Values().Should().OnlyContain(value => value == 9);
        module.Parameters.Values.Should().OnlyContain(p => p.dtype == ScalarType.Float32);
        report.Converted.Should().HaveCount(Small.Length).And.Contain(new ConvertedTensor("qa_outputs.bias", dtype, DType.F32));
        report.Notes.Should().Equal($"5 tensors converted from {dtype} to F32");
        Refusal(new LoadOptions { RequireSameDType = true }).Should().Contain($"qa_outputs.bias is of type {dtype}, expected F32");
    }

    [Fact]
    public void A_module_of_the_files_type_is_loaded_without_conversion()
    {
        using var half = TensorTree.Of(Small, ScalarType.Float16);
        Write(Good().Select(t => (t.Name, t.Tensor.to(ScalarType.Float16))));
        using var checkpoint = Checkpoint.Open(File);

        var report = CheckpointLoader.Load(half, checkpoint, new LoadOptions { RequireSameDType = true });

        report.Converted.Should().BeEmpty();
        half.Parameters.Values.Should().OnlyContain(p => p.dtype == ScalarType.Float16);
    }

    [Fact]
    public void Types_that_torch_lacks_are_a_misfit_like_others()
    {
        using var one = TensorTree.Of([("a", [2])]);
        var json = """{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}""";
        using var checkpoint = Checkpoint.Open(folder.Write("f8.safetensors", SafeTensorsBytes.Of(json, 2)));

        var load = () => CheckpointLoader.Load(one, checkpoint);

        load.Should().Throw<CheckpointException>().Which.Message.Should().Contain("a is of type F8_E4M3, expected F32");
    }

    [Fact]
    public void Damaged_data_leaves_the_module_as_it_was()
    {
        using var two = TensorTree.Of([("a", [4]), ("w", [4])]);
        var pickle = new PickleBytes().Raw((byte)'}');
        pickle.Text("a").Tensor(p => p.Storage("1", 4), 0, [4], [1]).SetItem();
        pickle.Text("w").Tensor(p => p.Storage("0", 4), 0, [4], [1]).SetItem();
        var zip = ZipBytes.Torch(pickle.Stop(), wrongCrc: 1).Add("archive/data/1", ZipBytes.FourFloats).End();
        using var checkpoint = Checkpoint.Open(folder.Write("pytorch_model.bin", zip));

        var load = () => CheckpointLoader.Load(two, checkpoint);

        load.Should().Throw<CheckpointException>().Which.Message.Should().Contain("damaged");
        two.Parameters["a"].eq(0.5).all().item<bool>().Should().BeTrue();
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Good() => Small.Select(p => (p.Item1, full(p.Item2, 9f)));

    private void Write(params IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        SafeTensors.Write(File, tensors.Select(t => KeyValuePair.Create(t.Name, t.Tensor)));

    private LoadReport Load(LoadOptions? options = null)
    {
        using var checkpoint = Checkpoint.Open(folder.Path);
        return CheckpointLoader.Load(module, checkpoint, options);
    }

    private string Refusal(LoadOptions? options = null)
    {
        var load = () => Load(options);
        return load.Should().Throw<CheckpointException>().Which.Message;
    }

    private IEnumerable<float> Values() => Small.Select(p => module.Parameters[p.Item1].mean().item<float>());

    private void Unchanged() => Values().Should().OnlyContain(value => value == 0.5f);
}
