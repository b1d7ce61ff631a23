using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>A figure over several seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation of a sample (n - 1); null for one seed.</param>
internal sealed record Spread(double Mean, double? Deviation)
{
    public static Spread Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return new Spread(
            mean,
            values.Count < 2 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1))
        );
    }
}

/// <summary>What one seed came to.</summary>
internal sealed record SeedFigures(long Seed, double TrainLoss, double? EvalLoss, double? EvalExact, double? EvalF1);

/// <summary>Several trainings that differ in their seed only.</summary>
/// <param name="Seeds">Each.</param>
/// <param name="TrainLoss">Their mean training losses.</param>
/// <param name="EvalLoss">Their results' losses on the development questions; null without any.</param>
/// <param name="EvalExact">Their exact matches.</param>
/// <param name="EvalF1">Their F1.</param>
internal sealed record SeedSummary(IReadOnlyList<SeedFigures> Seeds, Spread TrainLoss, Spread? EvalLoss, Spread? EvalExact, Spread? EvalF1)
{
    public static SeedSummary Of(IReadOnlyList<TrainingRecord> records)
    {
        var seeds = records.Select(Figures).ToList();
        return new SeedSummary(
            seeds,
            Spread.Of([.. seeds.Select(seed => seed.TrainLoss)]),
            Over(seeds, seed => seed.EvalLoss),
            Over(seeds, seed => seed.EvalExact),
            Over(seeds, seed => seed.EvalF1)
        );
    }

    private static SeedFigures Figures(TrainingRecord record)
    {
        var kept = record.Result!.Evaluations.FirstOrDefault(evaluation => evaluation.Step == record.Result.KeptStep);
        return new SeedFigures(record.Options.Seed, record.Result.TrainLoss, kept?.Loss, kept?.Exact, kept?.F1);
    }

    private static Spread? Over(IReadOnlyList<SeedFigures> seeds, Func<SeedFigures, double?> figure)
    {
        List<double> values = [.. seeds.Select(figure).OfType<double>()];
        return values.Count == 0 ? null : Spread.Of(values);
    }
}
