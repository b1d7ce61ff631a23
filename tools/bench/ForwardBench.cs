using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Bench;

/// <summary>The forward pass of the full shape over its linear layers alone: what attention, LayerNorm, GELU and additions cost on top.</summary>
internal static class ForwardBench
{
    private static readonly BertConfig Shape = new() { HiddenSize = 384, IntermediateSize = 1536 };

    public static void Run(int rounds)
    {
        using var model = new BertForQuestionAnswering(Shape);
        model.eval();
        Console.WriteLine("forward, fp32, 12 x 384      | ms forward | ms linear layers alone | ratio | tokens/s");
        foreach (var (batch, length) in new[] { (8, 384), (1, 384), (32, 128), (1, 128), (1, 32) })
        {
            using var scope = NewDisposeScope();
            using var _ = inference_mode();
            var input = new BertInput { InputIds = randint(1000, 30000, [batch, length], dtype: ScalarType.Int64) };
            var hidden = randn(batch, length, Shape.HiddenSize);
            var wide = randn(batch, length, Shape.IntermediateSize);
            var times = Interleaved.Run(rounds, () => model.Forward(input).Dispose(), () => Linear(model, hidden, wide));
            var ratio = Interleaved.Ratio(times[0], times[1]);
            Console.WriteLine(
                $"{batch, 4} x {length, -22} | {Interleaved.Show(times[0], "0.0")} | {Interleaved.Show(times[1], "0.0")} | {Interleaved.Show(ratio)} | {batch * length / Interleaved.Median(times[0]) * 1000:0}"
            );
        }
    }

    private static void Linear(BertForQuestionAnswering model, Tensor hidden, Tensor wide)
    {
        foreach (var (name, parameter) in Weights(model))
        {
            using var __ = nn.functional.linear(
                name.EndsWith(".output.dense", StringComparison.Ordinal) && parameter.Weight.shape[1] > hidden.shape[2] ? wide : hidden,
                parameter.Weight,
                parameter.Bias
            );
        }
    }

    private static List<(string Name, (Tensor Weight, Tensor Bias) Parameters)>? weights;

    private static List<(string Name, (Tensor Weight, Tensor Bias) Parameters)> Weights(BertForQuestionAnswering model) =>
        weights ??= [
            .. model
                .named_modules()
                .Where(m => m.module is TorchSharp.Modules.Linear)
                .Select(m =>
                    (m.name, ((Tensor)((TorchSharp.Modules.Linear)m.module).weight!, (Tensor)((TorchSharp.Modules.Linear)m.module).bias!))
                ),
        ];
}
