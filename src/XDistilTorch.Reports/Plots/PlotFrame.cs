using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace XDistilTorch.Reports.Plots;

/// <summary>What all plots share: size, font, colours, axes.</summary>
internal static class PlotFrame
{
    public const int Width = 560;
    public const int Height = 340;

    public static readonly Color First = Color.FromHex("#2f6db5");
    public static readonly Color Second = Color.FromHex("#d9822b");

    /// <summary>An empty plot with its axes named.</summary>
    public static Plot New(string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set(PlotFont.Name);
        plot.FigureBackground.Color = plot.DataBackground.Color = Colors.Transparent; // the page's own, light or dark
        plot.Axes.Right.IsVisible = plot.Axes.Top.IsVisible = false;
        plot.Layout.Fixed(new PixelPadding(left: 66, right: 22, bottom: 48, top: 12));
        plot.Grid.MajorLineColor = Color.FromHex("#e6e8eb");
        plot.Grid.MinorLineWidth = 0;
        plot.XLabel(x, size: 13);
        plot.YLabel(y, size: 13);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.Bold = false;
            axis.MinorTickStyle.Length = 0;
            axis.Label.FontName = axis.TickLabelStyle.FontName = PlotFont.Name;
            if (axis.TickGenerator is NumericAutomatic automatic)
                automatic.LabelFormatter = value => value.ToString("0.###", CultureInfo.InvariantCulture);
        }
        return plot;
    }

    /// <summary>An axis of shares, 0 to 1, in percent.</summary>
    public static void Percent(IAxis axis)
    {
        double[] places = [0, 0.2, 0.4, 0.6, 0.8, 1];
        axis.TickGenerator = new NumericManual(places, [.. places.Select(place => place.ToString("0 %", CultureInfo.InvariantCulture))]);
    }

    /// <summary>The legend, where several things are shown.</summary>
    public static void Legend(Plot plot, Alignment place)
    {
        plot.Legend.FontName = PlotFont.Name;
        plot.Legend.ShadowColor = plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.OutlineColor = Color.FromHex("#d0d4d9");
        plot.ShowLegend(place);
    }
}
