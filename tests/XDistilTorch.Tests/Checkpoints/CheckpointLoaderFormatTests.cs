using XDistilTorch.Checkpoints;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

public class CheckpointLoaderFormatTests
{
    private const string List = FormatGoldens.Folder + "/expected.json";
    private const string Model = "model/tiny/model.safetensors";

    public static IEnumerable<TheoryDataRow<string>> ToLoad => FormatGoldens.Names(List, "expect", "load");

    public static IEnumerable<TheoryDataRow<string>> ToRefuse => FormatGoldens.Names(List, "expect", "refuse");

    [Theory]
    [MemberData(nameof(ToLoad))]
    public void A_model_in_any_format_has_the_same_numbers(string name)
    {
        var expected = FormatGoldens.Expected(List, name);
        using var scope = NewDisposeScope();
        var reference = SafeTensors.Read(GoldenFolder.Require(Model));
        using var module = TensorTree.Like(GoldenFolder.At(Model));
        using var checkpoint = Checkpoint.Open(GoldenFolder.Require($"{FormatGoldens.Folder}/{name}"));

        var report = CheckpointLoader.Load(module, checkpoint);

        report.Loaded.Should().BeEquivalentTo(reference.Keys);
        string[] ignored = expected.TryGetProperty("ignored_with_a_note", out var names)
            ? [.. names.EnumerateArray().Select(n => n.GetString()!)]
            : [];
        report.Ignored.Select(tensor => tensor.Name).Should().BeEquivalentTo(ignored);
        foreach (var (parameter, value) in module.Parameters)
            MaxDifference(value, reference[parameter])
                .Should()
                .BeLessThanOrEqualTo(expected.GetProperty("max_abs_diff").GetDouble(), parameter);
    }

    [Theory]
    [MemberData(nameof(ToLoad))]
    public void Without_libtorch_they_are_the_same_bits(string name)
    {
        using var scope = NewDisposeScope();
        using var module = TensorTree.Like(GoldenFolder.At(Model));
        using var checkpoint = Checkpoint.Open(GoldenFolder.Require($"{FormatGoldens.Folder}/{name}"));
        var report = CheckpointLoader.Load(module, checkpoint);
        var expected = module.Parameters.Select(parameter => new ExpectedTensor(parameter.Key, parameter.Value.shape, ScalarType.Float32));

        var stored = CheckpointLoader.Find(expected, checkpoint, new LoadOptions(), out var own);

        own.Should().BeEquivalentTo(report);
        stored.Keys.Should().BeEquivalentTo(module.Parameters.Keys);
        foreach (var (parameter, value) in module.Parameters)
        {
            var numbers = new float[value.numel()];
            stored[parameter].CopyTo(numbers);
            numbers.AsSpan().SequenceEqual(value.data<float>().ToArray()).Should().BeTrue(parameter);
        }
    }

    [Theory]
    [MemberData(nameof(ToRefuse))]
    public void A_model_that_does_not_fit_is_refused_by_tensor_and_left_as_it_was(string name)
    {
        var expected = FormatGoldens.Expected(List, name);
        using var module = TensorTree.Like(GoldenFolder.Require(Model));
        var path = GoldenFolder.Require($"{FormatGoldens.Folder}/{name}");
        using var checkpoint = Checkpoint.Open(path);

        var load = () => CheckpointLoader.Load(module, checkpoint, new LoadOptions { ShapedBy = "config.json" });

        var tensor = expected.GetProperty("tensor").GetString();
        var finding = expected.TryGetProperty("found", out var found)
            ? $"{tensor} is {Wording.Show(found.Longs())}, expected {Wording.Show(expected.GetProperty("wanted").Longs())}"
            : $"{tensor} is missing";
        load.Should()
            .Throw<CheckpointException>()
            .Which.Message.Split('\n')
            .Should()
            .Equal(
                $"{path}: 1 tensor does not fit config.json:",
                $"  {finding}",
                $"The weights and the settings may belong to different models; take both from the same checkpoint."
            );
        using var scope = NewDisposeScope();
        foreach (var parameter in module.Parameters.Values)
            parameter.eq(0.5).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void The_bundled_weights_load()
    {
        var folder = Path.Combine(GoldenFolder.Repository, "weights", "e5-small-v2-squad2");
        Assert.SkipUnless(Directory.Exists(folder), $"no {folder}");
        using var checkpoint = Checkpoint.Open(folder);
        using var module = TensorTree.Of(checkpoint.Tensors.Values.Select(t => (t.Name, t.Shape.ToArray())));

        var report = CheckpointLoader.Load(module, checkpoint);

        report.Loaded.Should().HaveCount(checkpoint.Tensors.Count);
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in module.Parameters)
            checkpoint.Read(name).to(ScalarType.Float32).eq(parameter).all().item<bool>().Should().BeTrue(name);
    }

    private static double MaxDifference(Tensor a, Tensor b) => (a.detach() - b).abs().max().item<float>();
}
