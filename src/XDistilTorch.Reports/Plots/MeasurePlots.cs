using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Reports.Plots;

/// <summary>The plots of a measure over questions.</summary>
internal static class MeasurePlots
{
    private const int MostBins = 30;
    private const int MostNumbered = 16; // heads across; numbers of more do not fit

    private static readonly Color Nothing = Color.FromHex("#f5f6f7");

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

    /// <summary>One value a head: blue above 0, orange below, the stronger the further from it.</summary>
    public static Plot HeatMap(IReadOnlyDictionary<(int Layer, int Head), double> values)
    {
        int[] layers = [.. values.Keys.Select(key => key.Layer).Distinct().Order()],
            heads = [.. values.Keys.Select(key => key.Head).Distinct().Order()];
        var most = values.Values.Max(Math.Abs);
        var format =
            most >= 10 ? "0.0;-0.0;0.0" // the third for what rounds to 0: never -0.0
            : most >= 0.1 ? "0.00;-0.00;0.00"
            : "0.000;-0.000;0.000";
        var plot = PlotFrame.New("head", "layer");
        foreach (var ((layer, head), value) in values)
        {
            var (x, y) = (Array.IndexOf(heads, head), -Array.IndexOf(layers, layer)); // layer 0 above
            var strength = most > 0 ? Math.Abs(value) / most : 0;
            var cell = plot.Add.Rectangle(x - 0.5, x + 0.5, y - 0.5, y + 0.5);
            cell.FillColor = Nothing.InterpolateRgb(value < 0 ? PlotFrame.Second : PlotFrame.First, strength);
            cell.LineWidth = 0;
            if (heads.Length <= MostNumbered)
                Number(plot, x, y, value.ToString(format, CultureInfo.InvariantCulture), isOnDark: value > 0 && strength > 0.55);
        }
        plot.Axes.Bottom.TickGenerator = Named(heads, 1);
        plot.Axes.Left.TickGenerator = Named(layers, -1);
        plot.Axes.Bottom.MajorTickStyle.Length = plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, heads.Length - 0.5, 0.5 - layers.Length, 0.5);
        return plot;
    }

    private static void Number(Plot plot, int x, int y, string number, bool isOnDark)
    {
        var text = plot.Add.Text(number, x, y);
        (text.LabelFontName, text.LabelFontSize, text.LabelAlignment) = (PlotFont.Name, 10, Alignment.MiddleCenter);
        text.LabelFontColor = isOnDark ? Colors.White : Color.FromHex("#1d2129");
    }

    private static NumericManual Named(int[] numbers, int direction) =>
        new(
            [.. numbers.Select((_, i) => (double)(direction * i))],
            [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]
        );

    private static NumericAutomatic Whole() =>
        new() { IntegerTicksOnly = true, LabelFormatter = value => value.ToString("#,0", CultureInfo.InvariantCulture) };
}
