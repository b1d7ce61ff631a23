using System.Globalization;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Training;

/// <summary>What the development questions said of a model before and after its training.</summary>
/// <param name="outcome">The training.</param>
internal sealed class ModelCardFigures(TrainingOutcome outcome)
{
    /// <summary>Of the weights that were kept; null where they were not evaluated.</summary>
    public TrainingEvaluation? After { get; } = outcome.Evaluations.LastOrDefault(evaluation => evaluation.Step == outcome.KeptStep);

    private TrainingEvaluation? Before { get; } = outcome.Evaluations.FirstOrDefault(evaluation => evaluation.Step == 0);

    /// <summary>The section of the card.</summary>
    public string Section()
    {
        if (After is null)
            return "There were no development questions: how good the model is was not measured.\n";
        return $"On {Number(After.Questions)} development questions{In(outcome.DevFile)}: the `squad` decoder's answers under the official SQuAD 2.0 metric.\n\n"
            + MarkdownText.Row("", "before", "after", $"difference{Level()}")
            + MarkdownText.Row("---", "---", "---", "---")
            + Row("exact match", e => e.Exact, outcome.Comparison?.Exact)
            + Row("F1", e => e.F1, outcome.Comparison?.F1)
            + MarkdownText.Row("loss", Shown(Before?.Loss, "F4"), Shown(After.Loss, "F4"), "")
            + (
                outcome.Comparison is null
                    ? ""
                    : "\nThe interval is a paired bootstrap's over these questions; other questions may do otherwise.\n"
            )
            + (
                outcome.Steps is [.., var last] && outcome.KeptStep < last.Step
                    ? "\nThe step that was kept was chosen by these same questions, so the figures flatter a little.\n"
                    : ""
            );
    }

    private static string In(string? file) => file is null ? "" : $" of {MarkdownText.Plain(file)}";

    private string Level() =>
        outcome.Comparison is { } comparison
            ? string.Create(CultureInfo.InvariantCulture, $" ({100 * comparison.Exact.Level:0.#} % interval)")
            : "";

    private string Row(string name, Func<TrainingEvaluation, double> figure, BootstrapInterval? difference) =>
        MarkdownText.Row(
            name,
            Shown(Before is null ? null : figure(Before), "F2"),
            Shown(figure(After!), "F2"),
            difference is { } interval ? $"{Signed(interval.Mean)} ({Signed(interval.Lower)} to {Signed(interval.Upper)})"
                : Before is null ? "-"
                : Signed(figure(After!) - figure(Before))
        );

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Shown(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
