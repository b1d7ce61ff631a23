using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>The object tree is the checkpoint tree, and every part of it can be replaced.</summary>
public class ModuleTreeTests
{
    [Fact]
    public void Parameter_names_are_those_of_the_reference()
    {
        using var goldens = GoldenTensors.Require("model/tiny/model.safetensors");
        using var model = TinyModel.Load();

        model.named_parameters().Select(p => p.name).Should().BeEquivalentTo(goldens.Keys);
        foreach (var (name, parameter) in model.named_parameters())
            parameter.ShouldEqualBitForBit(goldens[name], name);
    }

    [Fact]
    public void A_model_made_or_converted_inside_a_dispose_scope_outlives_it()
    {
        BertForQuestionAnswering model;
        List<string> names;
        using (NewDisposeScope())
        {
            model = TinyModel.Random();
            names = [.. model.named_parameters().Select(p => p.name)];
            model.to(ScalarType.Float64);
        }
        using (model)
        using (NewDisposeScope())
        {
            model.named_parameters().Select(p => p.name).Should().Equal(names).And.Contain("bert.embeddings.word_embeddings.weight");
            model.Logits(Inputs.Random(1, 8)).isfinite().all().item<bool>().Should().BeTrue();
        }
    }

    [Fact]
    public void A_replaced_part_takes_effect_and_takes_the_checkpoints_names()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 8);
        var before = model.Logits(input);
        var names = model.named_parameters().Select(p => p.name).ToList();
        var self = (SelfAttention)((BertAttention)model.Layer(1).Attention).Self;
        var own = nn.Linear(24, 24);

        self.Query = own;

        model.Logits(input).MaxDifference(before).Should().BeGreaterThan(1e-4);
        model.named_parameters().Select(p => p.name).Should().BeEquivalentTo(names);
        model
            .named_parameters()
            .Single(p => p.name == "bert.encoder.layer.1.attention.self.query.weight")
            .parameter.ShouldEqualBitForBit(own.weight!);
    }

    [Fact]
    public void A_layer_may_be_replaced_by_one_that_passes_on_what_it_gets()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 8);
        using var skipping = new ForwardContext().Record(Point.Embeddings, Point.Logits);
        var layers = model.Encoder().Layer;
        var first = layers[0];
        for (var i = 0; i < layers.Count; i++)
            layers[i] = new PassOn();

        model.Logits(input, skipping);

        skipping[Point.Logits].ShouldEqualBitForBit(model.QaOutputs.call(skipping[Point.Embeddings]));
        layers[0] = first; // the old one was not disposed
        model.Logits(input).shape.Should().Equal(1, 2, 8);
    }

    internal sealed class PassOn() : nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>("pass on")
    {
        public override Tensor forward(Tensor hidden, AttentionMask mask, ForwardContext? context) => hidden;
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_replaced_part_of_another_shape_is_refused_before_native_code_sees_it(bool observed)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        using var context = observed
            ? new ForwardContext().Record(Point.All(2))
            : new ForwardContext().Replace(Point.AttentionScores(1), x => x * 1);
        var self = (SelfAttention)((BertAttention)model.Layer(1).Attention).Self;
        var fitting = self.Key;

        self.Key = nn.Linear(24, 12);
        FluentActions
            .Invoking(() => model.Logits(Inputs.Random(1, 8), context))
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("layer 1: attention.self.key gives [1, 8, 12], expected [1, 8, 24]*");
        self.Key = fitting;
        model.QaOutputs = nn.Linear(24, 3);
        FluentActions
            .Invoking(() => model.Logits(Inputs.Random(1, 8), context))
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("qa_outputs gives [1, 8, 3], expected [1, 8, 2]*");
    }

    [Fact]
    public void A_config_that_describes_no_model_is_refused() =>
        FluentActions
            .Invoking(() =>
                new BertForQuestionAnswering(
                    new BertConfig
                    {
                        HiddenSize = 10,
                        NumAttentionHeads = 3,
                        NumHiddenLayers = 0,
                        HiddenAct = "mish",
                    }
                )
            )
            .Should()
            .Throw<ConfigException>()
            .WithMessage("*num_hidden_layers is 0*hidden_act is \"mish\"*hidden_size 10 is not a multiple*");

    [Fact]
    public void Random_weights_follow_the_references_initialisation()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForQuestionAnswering(
            new BertConfig
            {
                VocabSize = 500,
                HiddenSize = 60,
                NumHiddenLayers = 1,
                IntermediateSize = 120,
            }
        );

        foreach (var (name, parameter) in model.named_parameters())
        {
            var (mean, deviation) = (parameter.mean().item<float>(), parameter.std(unbiased: false).item<float>());
            if (name.EndsWith("bias", StringComparison.Ordinal))
                parameter.count_nonzero().item<long>().Should().Be(0, name);
            else if (name.Contains("LayerNorm", StringComparison.Ordinal))
                (mean, deviation).Should().Be((1f, 0f), name);
            else
                deviation.Should().BeApproximately(0.02f, 0.004f, name);
        }
        model
            .named_parameters()
            .Single(p => p.name.EndsWith("word_embeddings.weight", StringComparison.Ordinal))
            .parameter[0]
            .abs()
            .max()
            .item<float>()
            .Should()
            .Be(0);
    }

    [Fact]
    public void Training_mode_drops_out_and_evaluation_mode_does_not()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random(dropout: 0.5);
        var input = Inputs.Random(1, 8);
        var quiet = model.Logits(input);
        model.Logits(input).ShouldEqualBitForBit(quiet);

        model.train();

        var noisy = model.Logits(input);
        noisy.MaxDifference(quiet).Should().BeGreaterThan(1e-4);
        model.Logits(input).MaxDifference(noisy).Should().BeGreaterThan(1e-4);
        model.eval();
        model.Logits(input).ShouldEqualBitForBit(quiet);
    }

    [Fact]
    public void Training_without_dropout_computes_what_evaluation_computes_and_gives_gradients()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random(dropout: 0);
        var input = Inputs.Random(2, 8);
        var quiet = model.Logits(input);
        model.train();

        var logits = model.Logits(input);
        logits.sum().backward();

        logits.ShouldBeWithin(TinyModel.Tolerance, quiet);
        model.named_parameters().Should().NotContain(p => Equals(p.parameter.grad, null));
    }
}
