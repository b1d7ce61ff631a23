using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>
/// The straight way from a baseline to a text, in pieces. What the target gains on a piece is known from its two ends, so the error of each piece's integral is known too, and more steps go where the
/// error is: a score often turns over on a short part of the way, and is smooth on the rest.
/// </summary>
internal sealed class PathInPieces
{
    private readonly TargetFunction function;
    private readonly Tensor from,
        way;
    private readonly QuadratureRule rule;
    private readonly List<Piece> pieces = [];

    /// <summary>Cuts the way into equal pieces.</summary>
    /// <param name="function">The target.</param>
    /// <param name="from">The baseline's vectors, [1, S, H].</param>
    /// <param name="to">The text's.</param>
    /// <param name="rule">Where gradients are taken on each piece.</param>
    /// <param name="count">How many pieces.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    public PathInPieces(TargetFunction function, Tensor from, Tensor to, QuadratureRule rule, int count, CancellationToken cancellation)
    {
        (this.function, this.from, this.rule) = (function, from, rule);
        way = to.sub(from);
        double[] ends = [.. Enumerable.Range(0, count + 1).Select(i => (double)i / count)];
        var values = Values(ends);
        for (var i = 0; i < count; i++)
            pieces.Add(Integrate(ends[i], ends[i + 1], values[i], values[i + 1], cancellation));
    }

    /// <summary>The target's value at the baseline and at the text.</summary>
    public (double From, double To) Ends => (pieces[0].FromValue, pieces[^1].ToValue);

    /// <summary>How many gradients the integral has.</summary>
    public int Steps => pieces.Count * rule.Nodes.Count;

    /// <summary>The errors of all pieces together, whatever their signs: none hides another.</summary>
    public double Error => pieces.Sum(piece => Math.Abs(piece.Error));

    /// <summary>What each token adds to the target along the way, S.</summary>
    public double[] PerToken()
    {
        var sums = new double[pieces[0].PerToken.Length];
        foreach (var piece in pieces)
            for (var i = 0; i < sums.Length; i++)
                sums[i] += piece.PerToken[i];
        return sums;
    }

    /// <summary>Halves the piece with the largest error.</summary>
    public void HalveTheWorst(CancellationToken cancellation)
    {
        var worst = pieces.MaxBy(piece => Math.Abs(piece.Error))!;
        var place = pieces.IndexOf(worst);
        var middle = (worst.From + worst.To) / 2;
        var value = Values([middle])[0];
        pieces[place] = Integrate(worst.From, middle, worst.FromValue, value, cancellation);
        pieces.Insert(place + 1, Integrate(middle, worst.To, value, worst.ToValue, cancellation));
    }

    private Piece Integrate(double start, double end, double startValue, double endValue, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var mean = zeros(way.shape[1..], ScalarType.Float64, way.device);
        var rows = RepeatedInput.GradientRows((int)way.shape[1]);
        foreach (var batch in Enumerable.Range(0, rule.Nodes.Count).Chunk(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var (gradient, _) = function.Gradient(At([.. batch.Select(i => start + (end - start) * rule.Nodes[i])])); // -> [B, S, H]
            var weights = tensor(batch.Select(i => rule.Weights[i]).ToArray(), [batch.Length, 1, 1], device: way.device);
            mean.add_(gradient.to(ScalarType.Float64).mul(weights).sum(dim: 0));
        }
        var perToken = way.squeeze(0).to(ScalarType.Float64).mul(mean).sum(-1).mul(end - start); // [S, H] -> [S]
        return new Piece(start, end, startValue, endValue, perToken.cpu().data<double>().ToArray());
    }

    private double[] Values(double[] places)
    {
        using var scope = NewDisposeScope();
        var rows = RepeatedInput.GradientRows((int)way.shape[1]);
        return [.. places.Chunk(rows).SelectMany(batch => function.Values(At(batch)))];
    }

    // The vectors at places of the way, [B, S, H]; the ends exactly.
    private Tensor At(double[] places)
    {
        var along = tensor(places, [places.Length, 1, 1], from.dtype, from.device);
        return from.add(way.mul(along));
    }

    // Its integral is right if the tokens' sum is what the target gains.
    private sealed record Piece(double From, double To, double FromValue, double ToValue, double[] PerToken)
    {
        public double Error { get; } = PerToken.Sum() - (ToValue - FromValue);
    }
}
