using CsCheck;
using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Pruning;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Pruning;

/// <summary>Heads and layers that are removed leave what the whole model computes with them masked.</summary>
public sealed class ModelPruningTests
{
    private const double Tolerance = 2e-6;

    private static AttentionHead[] Named(string heads) =>
        [.. heads.Split(' ').Select(head => new AttentionHead(head[0] - '0', head[2] - '0'))];

    [Theory]
    [InlineData("0:1", "b1s12")]
    [InlineData("0:0 0:3 1:2", "b3s20_right")]
    [InlineData("0:0 0:1 0:2 0:3 1:1", "b3s20_right")]
    public void Logits_without_heads_are_those_with_the_heads_masked(string heads, string name)
    {
        using var cases = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();
        var input = cases.Input(name);

        using var smaller = ModelPruning.Heads(model, Named(heads));

        Masked.Logits(smaller, input).ShouldBeWithin(Tolerance, Masked.Heads(model, input, Named(heads)));
        Masked.Logits(model, input).MaxDifference(Masked.Logits(smaller, input)).Should().BeGreaterThan(1e-3, "the heads did something");
    }

    [Fact]
    public void Any_heads_of_a_model_of_any_shape_may_go() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 5], Gen.Int[0, 4095])
            .Sample(
                (layers, heads, headSize, chosen) =>
                {
                    using var scope = NewDisposeScope();
                    using var model = TinyModel.Random(layers, heads * headSize, heads, seed: chosen);
                    AttentionHead[] gone =
                    [
                        .. Enumerable
                            .Range(0, layers * heads)
                            .Where(i => (chosen >> i & 1) == 1)
                            .Select(i => new AttentionHead(i / heads, i % heads)),
                    ];
                    if (gone.Length == 0)
                        return;
                    var input = new BertInput { InputIds = tensor(new long[] { 2, 5, 6, 3, 9, 10, 3, 7 }, [2, 4]) };

                    using var smaller = ModelPruning.Heads(model, gone);

                    Masked.Logits(smaller, input).ShouldBeWithin(1e-4, Masked.Heads(model, input, gone), string.Join(' ', gone));
                },
                iter: 40,
                threads: 1
            );

    [Theory, InlineData(new[] { 0 }), InlineData(new[] { 1 }), InlineData(new[] { 0, 2 })]
    public void Logits_without_layers_are_those_with_the_layers_skipped(int[] layers)
    {
        using var model = TinyModel.Random(layers: 3);
        using var scope = NewDisposeScope();
        var input = new BertInput { InputIds = tensor(new long[] { 2, 5, 6, 3, 9, 10, 11, 3 }).unsqueeze(0) };

        using var smaller = ModelPruning.Layers(model, layers);

        smaller.Config.NumHiddenLayers.Should().Be(3 - layers.Length);
        Masked.Logits(smaller, input).ShouldBeWithin(Tolerance, Masked.Layers(model, input, layers));
    }

    [Fact]
    public void What_is_pruned_twice_is_numbered_as_it_was_at_first_in_the_config_and_as_it_is_by_the_caller()
    {
        using var model = TinyModel.Random(layers: 3, heads: 4);
        using var scope = NewDisposeScope();
        var input = new BertInput { InputIds = tensor(new long[] { 2, 5, 6, 3, 9, 10, 11, 3 }).unsqueeze(0) };

        using var once = ModelPruning.Heads(model, [new(1, 0), new(1, 2), new(2, 3)]);
        using var twice = ModelPruning.Heads(once, [new(1, 1), new(0, 1)]); // the last that layer 1 has: number 3 at first
        using var shorter = ModelPruning.Layers(twice, [0]);

        twice
            .Config.PrunedHeads.Should()
            .BeEquivalentTo(
                new Dictionary<int, int[]>
                {
                    [0] = [1],
                    [1] = [0, 2, 3],
                    [2] = [3],
                }
            );
        twice.Config.KeptHeads(1).Should().Equal(1);
        shorter.Config.PrunedHeads.Should().BeEquivalentTo(new Dictionary<int, int[]> { [0] = [0, 2, 3], [1] = [3] });
        using var together = ModelPruning.Heads(model, [new(0, 1), new(1, 0), new(1, 2), new(1, 3), new(2, 3)]);
        foreach (var (name, parameter) in twice.named_parameters())
            parameter.ShouldEqualBitForBit(together.get_parameter(name)!, name);
        Masked.Logits(shorter, input).ShouldBeWithin(Tolerance, Masked.Layers(together, input, [0]));
    }

    [Fact]
    public void The_model_before_stays_and_the_smaller_one_has_its_type_and_mode()
    {
        using var model = TinyModel.Random();
        model.to(ScalarType.Float64);
        model.train();
        using var before = model.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!.clone();

        using var smaller = ModelPruning.Heads(model, [new(0, 1), new(0, 1)]);

        smaller.training.Should().BeTrue();
        smaller.parameters().Should().OnlyContain(parameter => parameter.dtype == ScalarType.Float64);
        var after = smaller.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!;
        after.shape.Should().Equal(16, 24);
        model.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!.ShouldEqualBitForBit(before);
        using (no_grad())
            after.fill_(0);
        model.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!.ShouldEqualBitForBit(before, "nothing is shared");
    }

    [Theory]
    [InlineData("5:0", "there is no layer 5; the model has 2, numbered from 0.")]
    [InlineData("1:3", "there is no head 3 in layer 1, which has 3, numbered from 0.")]
    [InlineData("0:2", "layer 0 has no heads left: all of them were pruned.")]
    [InlineData(
        "5:0 1:3",
        "there is no head 3 in layer 1, which has 3, numbered from 0; there is no layer 5; the model has 2, numbered from 0."
    )]
    public void Heads_that_are_not_there_are_told_all_at_once(string heads, string message)
    {
        using var whole = TinyModel.Random();
        using var model = ModelPruning.Heads(whole, [new(0, 0), new(0, 1), new(0, 2)]);

        FluentActions.Invoking(() => ModelPruning.Heads(model, Named(heads))).Should().Throw<PruningException>().WithMessage(message);
    }

    [Fact]
    public void Nothing_and_everything_are_refused()
    {
        using var model = TinyModel.Random();

        FluentActions.Invoking(() => ModelPruning.Heads(model, [])).Should().Throw<PruningException>().WithMessage("no head is named*");
        FluentActions.Invoking(() => ModelPruning.Layers(model, [])).Should().Throw<PruningException>().WithMessage("no layer is named*");
        FluentActions
            .Invoking(() => ModelPruning.Layers(model, [1, 2, -1]))
            .Should()
            .Throw<PruningException>()
            .WithMessage("there is no layer -1, 2; the model has 2, numbered from 0.");
        FluentActions
            .Invoking(() => ModelPruning.Layers(model, [0, 1]))
            .Should()
            .Throw<PruningException>()
            .WithMessage("all 2 layers would be removed*");
    }

    [Fact]
    public void A_part_that_was_replaced_is_named()
    {
        using var model = TinyModel.Random();
        ((SelfAttention)((BertAttention)model.Layer(1).Attention).Self).Query = nn.Sequential(nn.Linear(24, 5), nn.Linear(5, 24));

        FluentActions
            .Invoking(() => ModelPruning.Heads(model, [new(0, 1)]))
            .Should()
            .Throw<PruningException>()
            .WithMessage("a part of the model was replaced: bert.encoder.layer.1.attention.self.query.weight is missing*");
        using var smaller = ModelPruning.Layers(model, [1]);
        smaller.Config.NumHiddenLayers.Should().Be(1, "what is removed may have been anything");
    }
}
