using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using XDistilTorch.Training;

namespace XDistilTorch.Reports.Plots;

/// <summary>The plots of a training, all over its steps.</summary>
internal static class TrainingPlots
{
    private const int MostMarkers = 60; // more run into each other

    /// <summary>The loss of the batches, and that of the development questions where there are any.</summary>
    public static Plot Loss(StepCurve curve, IReadOnlyList<TrainingEvaluation> evaluations, long lastStep)
    {
        var plot = New("loss", lastStep);
        var training = Draw(plot, curve);
        if (evaluations.Count > 0)
        {
            training.LegendText = "training";
            Line(plot, Points(evaluations, evaluation => evaluation.Loss), PlotFrame.Second).LegendText = "development questions";
            PlotFrame.Legend(plot, Alignment.UpperRight);
        }
        return FromZero(plot);
    }

    /// <summary>Exact match and F1; the step that was kept is marked.</summary>
    public static Plot Scores(IReadOnlyList<TrainingEvaluation> evaluations, long keptStep, long lastStep)
    {
        var plot = New("of 100", lastStep);
        var kept = plot.Add.VerticalLine(keptStep);
        (kept.Color, kept.LinePattern, kept.LineWidth, kept.LegendText) = (Color.FromHex("#667"), LinePattern.Dashed, 1.5f, "kept");
        Line(plot, Points(evaluations, evaluation => evaluation.Exact), PlotFrame.First).LegendText = "exact";
        Line(plot, Points(evaluations, evaluation => evaluation.F1), PlotFrame.Second).LegendText = "F1";
        var least = evaluations.Min(evaluation => Math.Min(evaluation.Exact, evaluation.F1));
        var range = Math.Max(1, evaluations.Max(evaluation => Math.Max(evaluation.Exact, evaluation.F1)) - least);
        plot.Axes.SetLimitsY(least - (0.1 * range), least + (1.35 * range)); // room for the legend above the curves
        PlotFrame.Legend(plot, Alignment.UpperRight);
        plot.Legend.Orientation = Orientation.Horizontal;
        return plot;
    }

    /// <summary>The learning rate of some steps.</summary>
    public static Plot LearningRate(IReadOnlyList<TrainingStep> steps, long lastStep)
    {
        var plot = New("learning rate", lastStep);
        Line(plot, steps.Select(step => ((double)step.Step, step.LearningRate)), PlotFrame.First);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = Html.Rate };
        return FromZero(plot);
    }

    /// <summary>The length of the gradients, and where they were shortened to, when some were.</summary>
    public static Plot GradientNorm(StepCurve curve, double? shortenedTo, long lastStep)
    {
        var plot = New("length of the gradients", lastStep);
        var training = Draw(plot, curve);
        if (shortenedTo is { } most)
        {
            training.LegendText = "training";
            var line = plot.Add.HorizontalLine(most);
            (line.Color, line.LinePattern, line.LineWidth, line.LegendText) = (PlotFrame.Second, LinePattern.Dashed, 1.5f, "shortened to");
            PlotFrame.Legend(plot, Alignment.UpperRight);
        }
        return FromZero(plot);
    }

    private static Plot New(string y, long lastStep)
    {
        var plot = PlotFrame.New("step", y);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = step => step.ToString("#,0", CultureInfo.InvariantCulture),
        };
        var room = 0.02 * Math.Max(1, lastStep);
        plot.Axes.SetLimitsX(-room, lastStep + room); // the same for all, so that they can be read across
        return plot;
    }

    private static Plot FromZero(Plot plot)
    {
        plot.Axes.AutoScaleY();
        var limits = plot.Axes.GetLimits();
        var least = plot.GetPlottables().Min(drawn => drawn.GetAxisLimits().Bottom);
        if (least >= 0) // the loss of an objective of one's own may be below
            plot.Axes.SetLimitsY(0, limits.Top);
        return plot;
    }

    /// <returns>What the legend tells of.</returns>
    private static Scatter Draw(Plot plot, StepCurve curve)
    {
        var each = curve.Ranges.Select(range => (range.Step, range.Least));
        if (curve.StepsPerMean == 1)
            return Line(plot, each, PlotFrame.First);
        var faint = PlotFrame.First.WithAlpha(0.3);
        if (curve.StepsPerRange == 1)
            Line(plot, each, faint).LineWidth = 1;
        else
        {
            var band = plot.Add.FillY(
                [.. curve.Ranges.Select(range => range.Step)],
                [.. curve.Ranges.Select(range => range.Least)],
                [.. curve.Ranges.Select(range => range.Greatest)]
            );
            (band.FillColor, band.LineWidth) = (faint, 0);
        }
        return Line(plot, curve.Means, PlotFrame.First);
    }

    private static IEnumerable<(double, double)> Points(
        IEnumerable<TrainingEvaluation> evaluations,
        Func<TrainingEvaluation, double> value
    ) => evaluations.Select(evaluation => ((double)evaluation.Step, value(evaluation)));

    private static Scatter Line(Plot plot, IEnumerable<(double X, double Y)> points, Color color)
    {
        var all = points.ToArray();
        var line = plot.Add.Scatter(all.Select(point => point.X).ToArray(), all.Select(point => point.Y).ToArray());
        (line.Color, line.LineWidth, line.MarkerSize) = (color, 2, all.Length > MostMarkers ? 0 : 6);
        return line;
    }
}
