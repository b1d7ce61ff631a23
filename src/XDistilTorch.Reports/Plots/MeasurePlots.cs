using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using XDistilTorch.Inspection;

namespace XDistilTorch.Reports.Plots;

/// <summary>The plots of a measure over questions.</summary>
internal static class MeasurePlots
{
    private const int MostBins = 30;

    /// <summary>How many questions have which value.</summary>
    public static Plot Histogram(Distribution values)
    {
        var plot = PlotFrame.New("value", values.Count > Distribution.MostKept ? "questions of the sample" : "questions");
        var (least, most) = (values.Kept[0], values.Kept[^1]);
        var isWhole = values.Kept.All(value => value == Math.Round(value)) && most - least < MostBins;
        var bins = isWhole ? (int)(most - least) + 1 : Math.Min(MostBins, 5 + (int)Math.Sqrt(values.Kept.Count));
        var width =
            isWhole ? 1
            : most > least ? (most - least) / bins
            : Math.Max(1e-9, Math.Abs(least)) / bins;
        var from = isWhole ? least - 0.5 : least;
        var counts = new int[bins];
        foreach (var value in values.Kept)
            counts[Math.Clamp((int)((value - from) / width), 0, bins - 1)]++;
        plot.Add.Bars(
            counts
                .Select(
                    (count, i) =>
                        new Bar
                        {
                            Position = from + ((i + 0.5) * width),
                            Value = count,
                            Size = 0.9 * width,
                            FillColor = PlotFrame.First,
                            LineWidth = 0,
                        }
                )
                .Where(bar => bar.Value > 0)
                .ToArray()
        );
        if (isWhole)
            plot.Axes.Bottom.TickGenerator = Whole();
        plot.Axes.Left.TickGenerator = Whole();
        plot.Axes.Margins(bottom: 0);
        return plot;
    }

    /// <summary>Median over questions with the ranges of the middle 50 and 90 %, layer by layer.</summary>
    public static Plot ByLayer(IReadOnlyList<(int Layer, Distribution Values)> layers)
    {
        var plot = PlotFrame.New("layer", "value");
        double[] at = [.. layers.Select(layer => (double)layer.Layer)];
        double[] Quantile(double share) => [.. layers.Select(layer => layer.Values.Quantile(share))];
        foreach (var (low, high, alpha, name) in new[] { (0.05, 0.95, 0.2, "90 % of questions"), (0.25, 0.75, 0.35, "50 % of questions") })
        {
            var band = plot.Add.FillY(at, Quantile(low), Quantile(high));
            (band.FillColor, band.LineWidth, band.LegendText) = (PlotFrame.First.WithAlpha(alpha), 0, name);
        }
        var median = plot.Add.Scatter(at, Quantile(0.5));
        (median.Color, median.LineWidth, median.MarkerSize, median.LegendText) = (PlotFrame.First, 2, 6, "median");
        plot.Axes.Bottom.TickGenerator = Whole();
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(limits.Bottom, limits.Top + (0.2 * (limits.Top - limits.Bottom))); // room for the legend above the curves
        PlotFrame.Legend(plot, Alignment.UpperRight);
        plot.Legend.Orientation = Orientation.Horizontal;
        return plot;
    }

    private static NumericAutomatic Whole() =>
        new() { IntegerTicksOnly = true, LabelFormatter = value => value.ToString("#,0", CultureInfo.InvariantCulture) };
}
