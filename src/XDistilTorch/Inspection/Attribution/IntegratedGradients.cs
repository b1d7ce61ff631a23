using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>
/// Integrated gradients (Sundararajan et al. 2017): the way from a baseline to the text, times the mean of the gradients along it. Their sum is
/// f(x) - f(baseline), up to the error of the integral, which is reported.
/// </summary>
public static class IntegratedGradients
{
    /// <summary>What reports call it.</summary>
    public const string Name = "integrated gradients";

    /// <summary>What it can and cannot show.</summary>
    public const string Shows =
        "how the score comes about on the straight way from a baseline to this text; the sum is right, but another baseline gives other values.";

    // On dev questions of SQuAD 2.0 fewer gradients in all than with longer or fewer pieces.
    private const int StepsOfAPiece = 6,
        PiecesAtFirst = 5;

    /// <summary>As many forward and backward passes as the rule has places, in batches of bounded size, and two forward passes.</summary>
    /// <param name="model">The model, in evaluation mode. Its parameters keep the gradients they have; threads: see <see cref="GradientXInput.Of"/>.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">What is explained.</param>
    /// <param name="baseline">The ids of the window that says nothing, S (<see cref="BaselineIds"/>).</param>
    /// <param name="at">Which vectors go the way; the default is <see cref="AttributionPlace.Words"/>. Further up the baseline is what the model makes of its ids.</param>
    /// <param name="rule">Where the gradients are taken; null: Gauss-Legendre with 50 steps.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <exception cref="InspectionException">The model is in training mode, has no such layer, or the window no such token; the baseline has another length.</exception>
    /// <exception cref="ArgumentException">The input is not one window of ids, or it or the baseline does not fit the model.</exception>
    public static TokenAttribution Of(
        BertForQuestionAnswering model,
        BertInput input,
        LogitTarget target,
        IReadOnlyList<int> baseline,
        AttributionPlace at = default,
        QuadratureRule? rule = null,
        CancellationToken cancellation = default
    )
    {
        var length = AttributionDoor.Check(model, input);
        using var scope = NewDisposeScope();
        using var rest = new ParametersAtRest(model);
        var function = new TargetFunction(model, input, target, at);
        var from = function.VectorsOf(Ids(baseline, length, model.Config.VocabSize, input.InputIds!.device));
        var to = function.VectorsOf(input.InputIds!);
        var ends = function.Values(cat([to, from], 0));
        var mean = MeanGradient(function, from, to, rule ?? QuadratureRule.GaussLegendre(50), cancellation);
        var perToken = to.sub(from).squeeze(0).to(ScalarType.Float64).mul(mean).sum(-1); // [S, H] -> [S]
        return new TokenAttribution(Name, target, perToken.cpu().data<double>().ToArray(), ends[0], ends[1]);
    }

    /// <summary>As <see cref="Of"/> with Gauss-Legendre on pieces of the way; the worst piece is halved until the completeness error is small or there are enough steps.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">What is explained.</param>
    /// <param name="baseline">The ids of the window that says nothing, S.</param>
    /// <param name="at">Which vectors go the way.</param>
    /// <param name="tolerance">The largest error, as a part of |f(x) - f(baseline)|: that of all pieces, whatever their signs.</param>
    /// <param name="most">No more steps than these; 30 are those to begin with.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>The attribution, whose error says whether it was small enough, and the steps it took.</returns>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static (TokenAttribution Attribution, int Steps) Within(
        BertForQuestionAnswering model,
        BertInput input,
        LogitTarget target,
        IReadOnlyList<int> baseline,
        AttributionPlace at = default,
        double tolerance = 0.01,
        int most = 400,
        CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var length = AttributionDoor.Check(model, input);
        using var scope = NewDisposeScope();
        using var rest = new ParametersAtRest(model);
        var function = new TargetFunction(model, input, target, at);
        var rule = QuadratureRule.GaussLegendre(Math.Min(most, StepsOfAPiece));
        var path = new PathInPieces(
            function,
            function.VectorsOf(Ids(baseline, length, model.Config.VocabSize, input.InputIds!.device)),
            function.VectorsOf(input.InputIds!),
            rule,
            Math.Min(most / rule.Nodes.Count, PiecesAtFirst),
            cancellation
        );
        var (before, after) = path.Ends;
        while (after != before && path.Error > tolerance * Math.Abs(after - before) && path.Steps + rule.Nodes.Count <= most)
            path.HalveTheWorst(cancellation);
        return (new TokenAttribution(Name, target, path.PerToken(), after, before), path.Steps);
    }

    // [1, S, H] each -> [S, H], in double precision whatever the model's: the sum of many small terms.
    private static Tensor MeanGradient(TargetFunction function, Tensor from, Tensor to, QuadratureRule rule, CancellationToken cancellation)
    {
        var mean = zeros(from.shape[1..], ScalarType.Float64, from.device);
        var rows = RepeatedInput.GradientRows((int)from.shape[1]);
        foreach (var batch in Enumerable.Range(0, rule.Nodes.Count).Chunk(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var along = tensor(batch.Select(i => rule.Nodes[i]).ToArray(), [batch.Length, 1, 1], from.dtype, from.device);
            var weights = tensor(batch.Select(i => rule.Weights[i]).ToArray(), [batch.Length, 1, 1], device: from.device);
            var (gradient, _) = function.Gradient(from.add(to.sub(from).mul(along))); // -> [B, S, H]
            mean.add_(gradient.to(ScalarType.Float64).mul(weights).sum(dim: 0));
        }
        return mean;
    }

    private static Tensor Ids(IReadOnlyList<int> baseline, int length, int vocabulary, Device device)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        if (baseline.Count != length)
            throw new InspectionException($"the baseline has {baseline.Count} tokens, expected {length}, as many as the window.");
        foreach (var id in baseline)
            if (id < 0 || id >= vocabulary)
                throw new ArgumentException($"the baseline holds id {id}, expected 0 to {vocabulary - 1}.", nameof(baseline));
        return tensor(baseline.Select(id => (long)id).ToArray(), [1, length], device: device);
    }
}
