using ScottPlot;

namespace XDistilTorch.Reports.Plots;

/// <summary>Insertion and deletion curves.</summary>
internal static class FaithfulnessPlots
{
    // Told apart without colours too: each has its own marker.
    private static readonly (string Color, MarkerShape Marker, string Sign)[] Looks =
    [
        ("#2f6db5", MarkerShape.FilledCircle, "●"),
        ("#d9822b", MarkerShape.FilledSquare, "■"),
        ("#11876a", MarkerShape.FilledTriangleUp, "▲"),
        ("#b0528f", MarkerShape.FilledDiamond, "◆"),
    ];

    private static readonly (string Color, MarkerShape Marker, string Sign) Random = ("#666677", MarkerShape.None, "╌");

    /// <param name="curves">From 0 % to 100 %; the last one is that of random orders.</param>
    /// <param name="x">What is counted along the axis.</param>
    public static Plot Of(IReadOnlyList<(string Name, IReadOnlyList<double> Values)> curves, string x)
    {
        var plot = PlotFrame.New(x, "probability over that in the whole text");
        (plot.FigureBackground.Color, plot.DataBackground.Color) = (Colors.Transparent, Colors.Transparent); // the page may be dark
        for (var i = curves.Count - 1; i >= 0; i--) // random orders lie below
            Draw(plot, curves[i].Values, Look(i, curves.Count));
        PlotFrame.Percent(plot.Axes.Bottom);
        plot.Axes.SetLimitsX(-0.02, 1.02);
        var highest = Math.Max(1, curves.Max(curve => curve.Values.Max()));
        plot.Axes.SetLimitsY(-0.04 * highest, 1.06 * highest);
        return plot;
    }

    /// <summary>How one of so many curves is drawn: its colour, and a sign that looks like its marker.</summary>
    public static (string Color, string Sign) Key(int curve, int curves)
    {
        var (color, _, sign) = Look(curve, curves);
        return (color, sign);
    }

    private static (string Color, MarkerShape Marker, string Sign) Look(int curve, int curves) =>
        curve == curves - 1 ? Random : Looks[curve % Looks.Length];

    private static void Draw(Plot plot, IReadOnlyList<double> values, (string Color, MarkerShape Marker, string Sign) look)
    {
        var places = Enumerable.Range(0, values.Count).Select(step => step / (double)(values.Count - 1)).ToArray();
        var line = plot.Add.Scatter(places, values.ToArray());
        (line.Color, line.MarkerShape, line.LineWidth, line.MarkerSize) = (Color.FromHex(look.Color), look.Marker, 2, 7);
        if (look.Marker == MarkerShape.None)
            line.LinePattern = LinePattern.Dashed;
    }
}
