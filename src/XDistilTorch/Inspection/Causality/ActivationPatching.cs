using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>
/// Activation patching: a corrupted run of the model, into which one value of a clean run is put at a time. Where that brings the clean score back, the difference between
/// the two texts went through. It shows sufficiency in this pair of texts, not what the model does elsewhere.
/// </summary>
public static class ActivationPatching
{
    /// <summary>Fills the whole grid.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clean">The window whose values are put in, [1, S].</param>
    /// <param name="corrupted">The window that they are put into, [1, S].</param>
    /// <param name="target">The score, by positions that mean the same in both.</param>
    /// <param name="cancellation">Looked at before every pass.</param>
    /// <exception cref="InspectionException">The windows have unequal numbers of tokens, or different masks.</exception>
    public static PatchingGrid Run(
        BertForQuestionAnswering model,
        BertInput clean,
        BertInput corrupted,
        LogitTarget target,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(corrupted);
        ArgumentNullException.ThrowIfNull(target);
        using var pair = new PatchingPair(model, clean, corrupted, target);
        var runner = new Runner(model, corrupted, target, pair, cancellation);
        var layers = model.Config.NumHiddenLayers;
        var length = (int)(corrupted.InputIds ?? corrupted.InputsEmbeds!).shape[1];
        return new PatchingGrid(
            pair.CleanScore,
            pair.CorruptedScore,
            [.. PatchingPair.Hidden(layers).Select(point => runner.Scores(point, length, rows => rows.unsqueeze(-1)))], // [rows, S, 1]
            [
                .. Enumerable
                    .Range(0, layers)
                    .Select(layer =>
                        runner.Scores(
                            Point.AttentionContext(layer),
                            model.Config.HeadCount(layer),
                            rows => rows.unsqueeze(-1).unsqueeze(-1)
                        )
                    ),
            ],
            [.. Enumerable.Range(0, layers).Select(layer => runner.Scores(Point.MlpOutput(layer), 1, rows => rows.unsqueeze(-1))[0])]
        );
    }

    private sealed class Runner(
        BertForQuestionAnswering model,
        BertInput corrupted,
        LogitTarget target,
        PatchingPair pair,
        CancellationToken cancellation
    )
    {
        /// <summary>The score with each of so many parts of a point patched alone.</summary>
        /// <param name="point">The point.</param>
        /// <param name="parts">How many; along the second dimension of its value, or 1: all of it.</param>
        /// <param name="shaped">Makes a mask of the value's shape of rows by parts.</param>
        public double[] Scores(Point point, int parts, Func<Tensor, Tensor> shaped)
        {
            List<double> scores = [];
            var together = RepeatedInput.Rows((int)(corrupted.InputIds ?? corrupted.InputsEmbeds!).shape[1]);
            for (var first = 0; first < parts; first += together)
            {
                cancellation.ThrowIfCancellationRequested();
                scores.AddRange(Pass(point, first, Math.Min(together, parts - first), parts, shaped));
            }
            return [.. scores];
        }

        private double[] Pass(Point point, int first, int rows, int parts, Func<Tensor, Tensor> shaped)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var patched = shaped(eye(parts, dtype: ScalarType.Bool, device: pair[point].device).narrow(0, first, rows));
            using var context = new ForwardContext().Replace(point, value => where(patched, pair[point], value));
            var output = model.Forward(RepeatedInput.Of(corrupted, rows), context);
            return [.. target.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).cpu().data<double>()];
        }
    }
}
