using ScottPlot;
using ScottPlot.TickGenerators;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Reports.Plots;

/// <summary>The plots of an evaluation.</summary>
internal static class EvaluationPlots
{
    private const int HistogramBins = 30;
    private const int MostPoints = 400; // more are not seen and only make the page longer

    /// <summary>Share of right answers over probability; on the diagonal, probabilities mean what they say.</summary>
    public static Plot Reliability(ReliabilityDiagram diagram)
    {
        var plot = PlotFrame.New("probability that the model gave", "share that was right");
        double width = 1.0 / diagram.Bins.Count;
        var bars = plot.Add.Bars(
            diagram
                .Bins.Where(bin => bin.Count > 0)
                .Select(bin => new Bar
                {
                    Position = (bin.Index + 0.5) * width,
                    Value = bin.Accuracy!.Value,
                    Size = 0.9 * width,
                    FillColor = PlotFrame.First,
                    LineWidth = 0,
                })
                .ToArray()
        );
        bars.LegendText = "answers";
        var diagonal = plot.Add.Line(0, 0, 1, 1);
        (diagonal.Color, diagonal.LinePattern, diagonal.LineWidth) = (PlotFrame.Second, LinePattern.Dashed, 2);
        diagonal.LegendText = "as it should be";
        return Shares(plot, Alignment.UpperLeft);
    }

    /// <summary>Share of right answers when only the surest are given.</summary>
    public static Plot Coverage(IReadOnlyList<CoveragePoint> curve) =>
        Curve("questions answered, the surest first", "share that was right", curve.Select(point => (point.Coverage, point.Accuracy)));

    /// <summary>Precision over recall of exact matches along the no-answer score.</summary>
    public static Plot PrecisionRecall(IReadOnlyList<PrecisionRecallPoint> curve) =>
        Curve("recall (exact matches)", "precision", curve.Select(point => (point.Recall, point.Precision)));

    /// <summary>How the scores of questions with and without answer lie apart.</summary>
    public static Plot NoAnswerScores(IReadOnlyList<QuestionOutcome> outcomes)
    {
        var plot = PlotFrame.New("no-answer score", "questions");
        double[] scores = [.. outcomes.Select(outcome => outcome.NoAnswerScore).OfType<double>()];
        var (least, most) = (scores.Min(), scores.Max());
        var width = most > least ? (most - least) / HistogramBins : 1;
        foreach (var hasAnswer in new[] { true, false })
        {
            var counts = new int[HistogramBins];
            foreach (var outcome in outcomes)
                if (outcome.NoAnswerScore is { } score && outcome.Score.HasAnswer == hasAnswer)
                    counts[Math.Clamp((int)((score - least) / width), 0, HistogramBins - 1)]++;
            var bars = plot.Add.Bars(
                counts
                    .Select(
                        (count, i) =>
                            new Bar
                            {
                                Position = least + ((i + 0.5) * width),
                                Value = count,
                                Size = width,
                                FillColor = (hasAnswer ? PlotFrame.First : PlotFrame.Second).WithAlpha(0.6),
                                LineWidth = 0,
                            }
                    )
                    .Where(bar => bar.Value > 0)
                    .ToArray()
            );
            bars.LegendText = hasAnswer ? "with an answer" : "without";
        }
        plot.Axes.Margins(bottom: 0);
        PlotFrame.Legend(plot, Alignment.UpperRight);
        return plot;
    }

    /// <summary>Exact and F1 of each group, side by side.</summary>
    public static Plot Groups(Breakdown breakdown, string title)
    {
        var plot = PlotFrame.New(title, "of 100");
        plot.Add.Bars(GroupBars(breakdown, figures => figures.Exact, -0.2, PlotFrame.First)).LegendText = "exact";
        plot.Add.Bars(GroupBars(breakdown, figures => figures.F1, 0.2, PlotFrame.Second)).LegendText = "F1";
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. Enumerable.Range(0, breakdown.Groups.Count).Select(i => (double)i)],
            [.. breakdown.Groups.Select(group => group.Name)]
        );
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.Axes.Left.TickGenerator = new NumericManual([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100"]);
        plot.Axes.SetLimits(-0.6, breakdown.Groups.Count - 0.4, 0, 119); // room for the legend above the bars
        PlotFrame.Legend(plot, Alignment.UpperRight);
        plot.Legend.Orientation = Orientation.Horizontal;
        return plot;
    }

    private static Bar[] GroupBars(Breakdown breakdown, Func<ScoreGroup, double> figure, double shift, Color color) =>
        [
            .. breakdown.Groups.Select(
                (group, i) =>
                    new Bar
                    {
                        Position = i + shift,
                        Value = figure(group.Figures),
                        Size = 0.38,
                        FillColor = color,
                        LineWidth = 0,
                    }
            ),
        ];

    private static Plot Curve(string x, string y, IEnumerable<(double X, double Y)> curve)
    {
        var plot = PlotFrame.New(x, y);
        var points = curve.ToArray();
        var step = Math.Max(1, points.Length / MostPoints);
        var shown = points.Where((_, i) => i % step == 0 || i == points.Length - 1).ToArray();
        var line = plot.Add.ScatterLine(shown.Select(point => point.X).ToArray(), shown.Select(point => point.Y).ToArray());
        (line.Color, line.LineWidth) = (PlotFrame.First, 2);
        return Shares(plot, null);
    }

    private static Plot Shares(Plot plot, Alignment? legend)
    {
        PlotFrame.Percent(plot.Axes.Bottom);
        PlotFrame.Percent(plot.Axes.Left);
        plot.Axes.SetLimits(0, 1.02, 0, 1.04);
        if (legend is { } place)
            PlotFrame.Legend(plot, place);
        return plot;
    }
}
