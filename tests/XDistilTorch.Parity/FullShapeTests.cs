using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Parity;

/// <summary>The real shape, 12 layers of 384 units, against the reference.</summary>
public sealed class FullShapeTests(FullShapeTests.Fixture fixture) : IClassFixture<FullShapeTests.Fixture>
{
    private const string File_ = "model/full/cases.safetensors";

    // The reference's own rounding error times eight (its README): another order of summation has one of that size too.
    private const double Tolerance = 9e-4;

    public sealed class Fixture : IDisposable
    {
        private BertForQuestionAnswering? model;

        public BertForQuestionAnswering Model => model ??= FormulaWeights.Model();

        public void Dispose() => model?.Dispose();
    }

    public static TheoryData<string> Cases => GoldenTensors.Cases(File_);

    [Fact]
    public void The_formula_gives_the_references_weights()
    {
        using var description = FormulaWeights.Description();
        var actual = fixture.Model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        var tensors = description.RootElement.GetProperty("tensors").EnumerateArray().ToList();

        actual.Keys.Should().BeEquivalentTo(tensors.Select(t => t.GetProperty("name").GetString()));
        foreach (var tensor in tensors)
        {
            var name = tensor.GetProperty("name").GetString()!;
            actual[name].shape.Should().Equal(tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()), name);
            FormulaWeights.Sha256(actual[name]).Should().Be(tensor.GetProperty("sha256_f32_le").GetString(), name);
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Logits_equal_the_reference(string name)
    {
        using var goldens = GoldenTensors.Require(File_);

        using var output = fixture.Model.Forward(goldens.Input(name));

        output.StartLogits.ShouldBeWithin(Tolerance, goldens[$"{name}/start_logits"], "start logits");
        output.EndLogits.ShouldBeWithin(Tolerance, goldens[$"{name}/end_logits"], "end logits");
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Hidden_states_and_attentions_equal_the_reference(string name)
    {
        using var goldens = GoldenTensors.Require(File_);
        Assert.SkipUnless(goldens.Has($"{name}/hidden_first8"), $"{name} has logits only");
        using var scope = NewDisposeScope();

        using var output = fixture.Model.Forward(goldens.Input(name) with { OutputHiddenStates = true, OutputAttentions = true });

        var hidden = stack(output.HiddenStates!.Select(h => h[0].slice(1, 0, goldens[$"{name}/hidden_first8"].shape[2], 1)));
        hidden.ShouldBeWithin(Tolerance, goldens[$"{name}/hidden_first8"], "hidden states");
        var attention = stack(output.Attentions!.Select(a => a[0].select(1, 0)));
        attention.ShouldBeWithin(Tolerance, goldens[$"{name}/attention_row0"], "attention of query 0");
    }

    [Fact]
    public void In_double_precision_the_logits_equal_the_references_to_1e_9()
    {
        using var goldens = GoldenTensors.Require(File_);
        using var model = FormulaWeights.Model();
        model.to(ScalarType.Float64);
        foreach (var name in goldens.Keys.Select(k => k.Split('/')[0]).Distinct())
        {
            using var _ = no_grad();
            using var output = model.Forward(goldens.Input(name));

            output.StartLogits.ShouldBeWithin(1e-9, goldens[$"{name}/start_logits.f64"], $"{name} start logits");
            output.EndLogits.ShouldBeWithin(1e-9, goldens[$"{name}/end_logits.f64"], $"{name} end logits");
        }
    }
}
