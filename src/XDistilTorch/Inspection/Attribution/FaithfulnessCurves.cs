namespace XDistilTorch.Inspection.Attribution;

/// <summary>
/// How the probability of a span, as a part of that in the whole text, goes down while tokens are masked in some order, and up while only those are shown.
/// </summary>
/// <param name="Deletion">With the first 0, 10, ..., 100 % of the tokens masked; begins at 1.</param>
/// <param name="Insertion">With all but the first 0, 10, ..., 100 % of the tokens masked; ends at 1.</param>
public sealed record FaithfulnessCurves(IReadOnlyList<double> Deletion, IReadOnlyList<double> Insertion)
{
    /// <summary>The area under the deletion curve: the smaller, the better the order finds what the answer hangs on.</summary>
    public double DeletionArea => Area(Deletion);

    /// <summary>The area under the insertion curve: the larger, the better the order finds what is enough for the answer.</summary>
    public double InsertionArea => Area(Insertion);

    /// <summary>The mean of several, place by place.</summary>
    public static FaithfulnessCurves Mean(IReadOnlyList<FaithfulnessCurves> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentOutOfRangeException.ThrowIfZero(curves.Count, nameof(curves));
        IReadOnlyList<double> Each(Func<FaithfulnessCurves, IReadOnlyList<double>> curve) =>
            [.. Enumerable.Range(0, curve(curves[0]).Count).Select(i => curves.Average(each => curve(each)[i]))];
        return new FaithfulnessCurves(Each(each => each.Deletion), Each(each => each.Insertion));
    }

    // Trapezoids over 0 to 1.
    private static double Area(IReadOnlyList<double> curve) => curve.Zip(curve.Skip(1), (a, b) => (a + b) / 2).Sum() / (curve.Count - 1);
}
