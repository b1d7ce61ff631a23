namespace XDistilTorch.Bench.Rivals;

/// <summary>One stream of windows through all engines.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="TokensPerSecond">Of every engine, in the order of the table, in each round.</param>
/// <param name="LargestDifference">Of a logit from those of our module tree, for every engine.</param>
internal sealed record StreamFigures(
    string Stream,
    IReadOnlyDictionary<string, double[]> TokensPerSecond,
    IReadOnlyDictionary<string, double> LargestDifference
)
{
    /// <summary>How often as fast as ONNX Runtime ours are, round by round, against the feeding that is best here; empty where the rival was left out.</summary>
    public IReadOnlyDictionary<string, double[]> OverBestFeeding { get; } =
        new[] { (Ours: "packed", Type: "fp32"), (Ours: "int8", Type: "int8") }
            .Select(pair =>
                (Name: $"{pair.Ours} over ONNX Runtime {pair.Type}, best feeding", Ratio: Ratio(TokensPerSecond, pair.Ours, pair.Type))
            )
            .Where(pair => pair.Ratio is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Ratio!);

    private static double[]? Ratio(IReadOnlyDictionary<string, double[]> speeds, string ours, string type)
    {
        var feedings = speeds
            .Where(pair => pair.Key.StartsWith($"ONNX Runtime {type}", StringComparison.Ordinal))
            .Select(pair => pair.Value);
        return feedings.MaxBy(Interleaved.Median) is { } best ? Interleaved.Ratio(speeds[ours], best) : null;
    }
}
