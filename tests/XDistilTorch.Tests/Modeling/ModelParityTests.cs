using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>The whole small model against the reference, on every input: plain, padded on either side, longest, with holes in the mask.</summary>
public class ModelParityTests
{
    public static TheoryData<string> Cases => GoldenTensors.Cases(TinyModel.Cases);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Embedding_output_equals_the_reference(string name)
    {
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();

        using var hidden = model.Embeddings().call(goldens.Input(name), null);

        hidden.ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/hidden_states.0"]);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Hidden_states_attentions_and_logits_equal_the_reference(string name)
    {
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();

        using var output = model.Forward(goldens.Input(name) with { OutputHiddenStates = true, OutputAttentions = true });

        output.StartLogits.ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/start_logits"], "start logits");
        output.EndLogits.ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/end_logits"], "end logits");
        output.HiddenStates.Should().HaveCount(model.Config.NumHiddenLayers + 1);
        output.Attentions.Should().HaveCount(model.Config.NumHiddenLayers);
        for (var i = 0; i < output.HiddenStates!.Count; i++)
            output.HiddenStates[i].ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/hidden_states.{i}"], $"hidden state {i}");
        for (var i = 0; i < output.Attentions!.Count; i++)
            output.Attentions[i].ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/attentions.{i}"], $"attention {i}");
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void In_double_precision_the_logits_equal_the_references_to_1e_9(string name)
    {
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        model.to(ScalarType.Float64);

        using var output = model.Forward(goldens.Input(name));

        output.StartLogits.ShouldBeWithin(1e-9, goldens[$"{name}/start_logits.f64"], "start logits");
        output.EndLogits.ShouldBeWithin(1e-9, goldens[$"{name}/end_logits.f64"], "end logits");
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Explicit_attention_gives_the_references_logits_too(string name)
    {
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var context = new ForwardContext();
        for (var layer = 0; layer < model.Config.NumHiddenLayers; layer++)
            context.Replace(Point.AttentionProbabilities(layer), p => p.clone());

        using var output = model.Forward(goldens.Input(name), context);

        output.StartLogits.ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/start_logits"]);
        output.EndLogits.ShouldBeWithin(TinyModel.Tolerance, goldens[$"{name}/end_logits"]);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void On_a_GPU_the_logits_equal_the_reference(string name)
    {
        Assert.SkipUnless(cuda.is_available(), "no CUDA device with this build on this machine");
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        model.to(DeviceType.CUDA);
        var input = goldens.Input(name);
        using var scope = NewDisposeScope();

        using var output = model.Forward(
            new BertInput
            {
                InputIds = input.InputIds!.cuda(),
                AttentionMask = input.AttentionMask!.cuda(),
                TokenTypeIds = input.TokenTypeIds!.cuda(),
            }
        );

        output.StartLogits.ShouldBeWithin(TinyModel.Tolerance * 5, goldens[$"{name}/start_logits"]); // TF32 is off by default, sums differ in order
        output.EndLogits.ShouldBeWithin(TinyModel.Tolerance * 5, goldens[$"{name}/end_logits"]);
    }
}
