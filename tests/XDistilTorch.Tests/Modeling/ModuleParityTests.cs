using System.Globalization;
using System.Text.RegularExpressions;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>Each module alone, fed with the reference's own input, so that the first wrong step is named.</summary>
public sealed partial class ModuleParityTests
{
    public static TheoryData<string> Inside =>
        [.. GoldenTensors.Names(TinyModel.Cases).Where(n => n.Contains("/inside/", StringComparison.Ordinal))];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Inside))]
    public void Module_output_equals_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var _ = no_grad();
        var (input, module) = (name.Split('/')[0], name.Split("/inside/")[1]);

        var actual = new Reference(goldens, model, input).Run(module);

        actual.ShouldBeWithin(TinyModel.Tolerance, goldens[name], name);
    }

    private sealed partial class Reference(GoldenTensors goldens, BertForQuestionAnswering model, string name)
    {
        private Tensor Value(string module) => goldens[$"{name}/inside/{module}"];

        public Tensor Run(string module)
        {
            if (module.StartsWith("bert.embeddings", StringComparison.Ordinal))
                return Embeddings(module);
            if (module == "qa_outputs")
                return model.QaOutputs.call(Value($"bert.encoder.layer.{model.Config.NumHiddenLayers - 1}"));
            var match = InLayer().Match(module);
            match.Success.Should().BeTrue($"{module} should be a module of the model");
            return Layer(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value);
        }

        private Tensor Embeddings(string module)
        {
            var input = goldens.Input(name);
            var positions = arange(input.InputIds!.shape[1], dtype: ScalarType.Int64).unsqueeze(0);
            var embeddings = model.Embeddings();
            return module["bert.embeddings".Length..] switch
            {
                ".word_embeddings" => embeddings.WordEmbeddings.call(input.InputIds),
                ".token_type_embeddings" => embeddings.TokenTypeEmbeddings.call(input.TokenTypeIds!),
                ".position_embeddings" => embeddings.PositionEmbeddings.call(positions),
                ".LayerNorm" => embeddings.LayerNorm.call(
                    Value("bert.embeddings.word_embeddings")
                        + Value("bert.embeddings.token_type_embeddings")
                        + Value("bert.embeddings.position_embeddings")
                ),
                "" => embeddings.call(input, null),
                var other => throw new InvalidOperationException($"no module {other} in the embeddings"),
            };
        }

        private Tensor Layer(int number, string module)
        {
            var prefix = $"bert.encoder.layer.{number}";
            var layer = model.Layer(number);
            var attention = (BertAttention)layer.Attention;
            var self = (SelfAttention)attention.Self;
            var attentionOutput = (ResidualOutput)attention.Output;
            var output = (ResidualOutput)layer.Output;
            var hidden = Value(number == 0 ? "bert.embeddings" : $"bert.encoder.layer.{number - 1}");
            var mask = AttentionMask.From(goldens.Input(name).AttentionMask, hidden.dtype, hidden.shape[0], hidden.shape[1]);
            Tensor At(string part) => Value($"{prefix}.{part}");
            return module switch
            {
                ".attention.self.query" => self.Query.call(hidden),
                ".attention.self.key" => self.Key.call(hidden),
                ".attention.self.value" => self.Value.call(hidden),
                ".attention.self" or ".attention.context" => self.call(hidden, mask, null),
                ".attention.output.dense" => attentionOutput.Dense.call(At("attention.context")),
                ".attention.output.LayerNorm" => attentionOutput.LayerNorm.call(At("attention.output.dense") + hidden),
                ".attention.output" => attentionOutput.call(At("attention.context"), hidden, null),
                ".attention" => attention.call(hidden, mask, null),
                ".intermediate.dense" => ((BertIntermediate)layer.Intermediate).Dense.call(At("attention")),
                ".intermediate.intermediate_act_fn" => Activation.Find(model.Config.HiddenAct)!(At("intermediate.dense")),
                ".intermediate" => layer.Intermediate.call(At("attention"), null),
                ".output.dense" => output.Dense.call(At("intermediate")),
                ".output.LayerNorm" => output.LayerNorm.call(At("output.dense") + At("attention")),
                ".output" => output.call(At("intermediate"), At("attention"), null),
                "" => layer.call(hidden, mask, null),
                _ => throw new InvalidOperationException($"no module {module} in a layer"),
            };
        }

        [GeneratedRegex(@"^bert\.encoder\.layer\.(\d+)(.*)$")]
        private static partial Regex InLayer();
    }
}
