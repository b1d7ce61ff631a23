using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Reports.Plots;

/// <summary>The plots of two checkpoints side by side.</summary>
internal static class CheckpointPlots
{
    private const double LeastRange = 1e-4; // between models that are the same, rounding is not to look like a landslide

    /// <summary>The cosine of hidden states over layers, the embeddings first: mean, and where nine of ten questions are.</summary>
    public static Plot Similarity(IReadOnlyList<Spread> layers)
    {
        var plot = PlotFrame.New("layer", "cosine of hidden states");
        double[] places = [.. Enumerable.Range(0, layers.Count).Select(layer => layer - 1.0)];
        var band = plot.Add.FillY(places, [.. layers.Select(layer => layer.Low)], [.. layers.Select(layer => layer.High)]);
        (band.FillColor, band.LineWidth, band.LegendText) = (PlotFrame.First.WithAlpha(0.22), 0, "nine of ten questions");
        var line = plot.Add.Scatter(places, layers.Select(layer => layer.Mean).ToArray());
        (line.Color, line.LineWidth, line.MarkerSize, line.LegendText) = (PlotFrame.First, 2, 6, "mean");
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. places.Select(Name)]);
        var range = Math.Max(LeastRange, 1 - layers.Min(layer => Math.Min(layer.Low, layer.Mean)));
        plot.Axes.SetLimits(-1.4, layers.Count - 1.6, 1 - (1.1 * range), 1 + (0.05 * range));
        if (plot.Axes.Left.TickGenerator is NumericAutomatic ticks)
            ticks.LabelFormatter = value => value.ToString("0.######", CultureInfo.InvariantCulture);
        PlotFrame.Legend(plot, Alignment.LowerLeft);
        return plot;
    }

    private static string Name(double layer) => layer < 0 ? "emb." : layer.ToString(CultureInfo.InvariantCulture);
}
