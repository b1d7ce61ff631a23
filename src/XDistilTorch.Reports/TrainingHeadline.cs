using System.Xml.Linq;
using XDistilTorch.Evaluation;
using XDistilTorch.Training;

namespace XDistilTorch.Reports;

/// <summary>What was trained, and what came of it.</summary>
internal static class TrainingHeadline
{
    public static IEnumerable<XElement> Of(TrainingOutcome outcome)
    {
        yield return Html.Text("h1", outcome.Name);
        yield return Html.Text("p", $"{Origin(outcome)}, trained on {outcome.TrainFile}{Development(outcome)}").WithClass("quiet");
        yield return Html.Text("p", Sizes(outcome)).WithClass("quiet");
        if (
            outcome.Evaluations is [{ Step: 0 } before, ..]
            && outcome.Evaluations.LastOrDefault(e => e.Step == outcome.KeptStep) is { } after
        )
            foreach (var element in Scores(outcome, before, after))
                yield return element;
    }

    private static string Origin(TrainingOutcome outcome) => outcome.BaseModel is { } name ? $"from {name}" : "from random weights";

    private static string Development(TrainingOutcome outcome) =>
        outcome.DevFile is { } file
            ? $", judged by {file}" + (outcome.Evaluations is [var first, ..] ? $" ({Html.Counted(first.Questions, "question")})" : "")
            : ", without development questions";

    private static string Sizes(TrainingOutcome outcome)
    {
        var share = outcome.Parameters > 0 ? (double)outcome.TrainedParameters / outcome.Parameters : 0;
        return FormattableString.Invariant(
            $"{Html.Counted(outcome.Questions, "question")} in {Html.Counted(outcome.Windows, "window")}, {outcome.WindowsWithAnswer:N0} of them with an answer; {Html.Counted(outcome.Steps.Count, "step")} over {Html.Counted(outcome.Steps.Sum(step => step.Tokens), "token")}; {outcome.TrainedParameters:N0} of {outcome.Parameters:N0} parameters trained ({share:0.# %})."
        );
    }

    private static IEnumerable<XElement> Scores(TrainingOutcome outcome, TrainingEvaluation before, TrainingEvaluation after)
    {
        var comparison = outcome.Comparison;
        yield return Card.Row(
            Change("exact match", before.Exact, after.Exact, comparison?.Exact),
            Change("F1", before.F1, after.F1, comparison?.F1),
            Change("loss on development questions", before.Loss, after.Loss, null)
        );
        yield return Html.Text("p", Kept(outcome)).WithClass("quiet");
        if (comparison is null)
            yield break;
        yield return Html.Text("h2", "Compared with the model before");
        yield return Html.Text(
            "p",
            FormattableString.Invariant(
                $"{comparison.Total:N0} questions; differences are the trained model minus the model before, with their {comparison.Exact.Level:0 %} bootstrap intervals."
            )
        );
        yield return ComparisonSection.Differences(comparison);
        yield return ComparisonSection.McNemar(comparison, "the model before is", "the trained one");
    }

    private static XElement Change(string name, double before, double after, BootstrapInterval? difference) =>
        Card.Of(
            name,
            $"{Html.Number(before)} \u2192 {Html.Number(after)}",
            difference is { } interval
                ? $"{Signed(interval.Mean)} ({Signed(interval.Lower)} to {Signed(interval.Upper)})"
                : Signed(after - before)
        );

    private static string Signed(double value) => Html.Number(value, "+0.00;\u22120.00;0.00");

    private static string Kept(TrainingOutcome outcome)
    {
        var last = outcome.Steps is [.., var step] ? step.Step : 0;
        var kept =
            outcome.KeptStep == 0 ? "The model before the first step is kept: none after it was better."
            : outcome.KeptStep == last ? FormattableString.Invariant($"The weights are those after the last step, {last:N0}.")
            : FormattableString.Invariant(
                $"The weights are those after step {outcome.KeptStep:N0} of {last:N0}, the best on the development questions."
            );
        return outcome.Comparison is { } comparison
            ? kept + FormattableString.Invariant($" Below the scores: the difference with its {comparison.Exact.Level:0 %} interval.")
            : kept;
    }
}
