using System.Diagnostics;
using System.Globalization;

namespace XDistilTorch.Bench;

/// <summary>
/// Times several things in turn, A B C, B C A, C A B …, so that a machine that gets slower meanwhile slows them all, and each comes first and last as often. Quote the ratios; absolute times belong to
/// one machine at one moment.
/// </summary>
internal static class Interleaved
{
    /// <summary>Milliseconds of each round, per action, after warm-up rounds that do not count.</summary>
    public static double[][] Run(int rounds, params Action[] actions) =>
        Run(rounds, () => TimeSpan.FromSeconds(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency), actions);

    /// <summary>The same by another clock.</summary>
    public static double[][] Run(int rounds, Func<TimeSpan> clock, params Action[] actions)
    {
        const int WarmUp = 3;
        var times = actions.Select(_ => new double[rounds]).ToArray();
        for (var round = -WarmUp; round < rounds; round++)
        {
            for (var turn = 0; turn < actions.Length; turn++)
            {
                var i = (turn + round + WarmUp) % actions.Length;
                var start = clock();
                actions[i]();
                if (round >= 0)
                    times[i][round] = (clock() - start).TotalMilliseconds;
            }
        }
        return times;
    }

    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Median with least and most, such as <c>12.3 (11.9-14.0)</c>.</summary>
    public static string Show(double[] values, string format = "0.00") =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values).ToString(format, CultureInfo.InvariantCulture)} ")
        + $"({values.Min().ToString(format, CultureInfo.InvariantCulture)}-{values.Max().ToString(format, CultureInfo.InvariantCulture)})";

    /// <summary>The ratio of two series, round by round.</summary>
    public static double[] Ratio(double[] over, double[] under) => [.. over.Zip(under, (a, b) => a / b)];
}
