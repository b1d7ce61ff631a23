namespace XDistilTorch.Inspection.Causality;

/// <summary>
/// What the corrupted run's score becomes when one value of the clean run is put in: by layer and position, by head, by MLP. Or, from
/// <see cref="AttributionPatching"/>, by how much it would change at the rate that it changes now.
/// </summary>
/// <param name="Clean">The score of the clean run.</param>
/// <param name="Corrupted">The score of the corrupted run.</param>
/// <param name="HiddenStates">[layers + 1][S]: hidden state 0 is the embeddings' output.</param>
/// <param name="Heads">[layers][heads]: a head's context vectors at all positions.</param>
/// <param name="Mlps">[layers]: an MLP's output at all positions.</param>
public sealed record PatchingGrid(
    double Clean,
    double Corrupted,
    IReadOnlyList<double[]> HiddenStates,
    IReadOnlyList<double[]> Heads,
    IReadOnlyList<double> Mlps
)
{
    /// <summary>Pearson's correlation of the changes in two grids over the same cells; null where one of them does not vary.</summary>
    /// <param name="other">The other grid, of changes where this one is of scores.</param>
    public double? Correlation(PatchingGrid other)
    {
        ArgumentNullException.ThrowIfNull(other);
        double[] a = [.. Cells()],
            b = [.. other.Cells()];
        if (a.Length != b.Length)
            throw new ArgumentException($"the grids have {a.Length} and {b.Length} cells, expected the same.", nameof(other));
        double meanA = a.Average(),
            meanB = b.Average(),
            varianceA = a.Sum(value => (value - meanA) * (value - meanA)),
            varianceB = b.Sum(value => (value - meanB) * (value - meanB));
        return varianceA == 0 || varianceB == 0
            ? null
            : a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / Math.Sqrt(varianceA * varianceB);
    }

    private IEnumerable<double> Cells() => HiddenStates.SelectMany(row => row).Concat(Heads.SelectMany(row => row)).Concat(Mlps);
}
