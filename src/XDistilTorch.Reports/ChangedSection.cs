using System.Xml.Linq;
using XDistilTorch.Evaluation;
using XDistilTorch.Training;

namespace XDistilTorch.Reports;

/// <summary>Development questions that are answered otherwise than before.</summary>
internal static class ChangedSection
{
    private const int Most = 40;

    public static IEnumerable<XElement> Of(TrainingOutcome outcome)
    {
        if (outcome.Evaluations.Count == 0 && outcome.Changed.Count == 0)
            yield break;
        yield return Html.Text("h2", "Answers that changed");
        if (outcome.Changed.Count == 0)
        {
            yield return Html.Text("p", "No development question is answered otherwise than before.");
            yield break;
        }
        var groups = Groups(outcome.Changed);
        var shown = Shares([.. groups.Select(group => group.Answers.Count)], Most);
        yield return Html.Text("p", Counts(outcome, groups));
        yield return Html.Element(
                "p",
                "First those whose F1 changed most. In the text: ",
                Html.Text("mark", "what was expected"),
                ", ",
                Html.Text("mark", "other answers, of before or of now").WithClass("wrong"),
                "."
            )
            .WithClass("quiet");
        foreach (var ((name, answers), count) in groups.Zip(shown))
        {
            if (count == 0)
                continue;
            var part = count < answers.Count ? FormattableString.Invariant($"the first {count} of {answers.Count:N0}") : $"{count}";
            yield return Html.Text("h3", $"{name}: {part}");
            foreach (var answer in answers.Take(count))
                yield return Article(answer);
        }
    }

    private static (string Name, IReadOnlyList<ChangedAnswer> Answers)[] Groups(IReadOnlyList<ChangedAnswer> changed)
    {
        var groups = changed.ToLookup(answer => answer.ScoreAfter.Exact - answer.ScoreBefore.Exact);
        return [("Now right", [.. groups[1]]), ("Now wrong", [.. groups[-1]]), ("Exact match unchanged", [.. groups[0]])];
    }

    private static string Counts(TrainingOutcome outcome, (string Name, IReadOnlyList<ChangedAnswer> Answers)[] groups)
    {
        var of = outcome.Evaluations is [var first, ..] ? FormattableString.Invariant($" of {first.Questions:N0}") : "";
        return FormattableString.Invariant(
            $"Answered otherwise than before: {outcome.Changed.Count:N0}{of} development questions. By exact match, now right: {groups[0].Answers.Count:N0}, now wrong: {groups[1].Answers.Count:N0}, unchanged: {groups[2].Answers.Count:N0}."
        );
    }

    // Each group the same share; what one does not need, the next ones get.
    private static int[] Shares(int[] counts, int most)
    {
        var shares = new int[counts.Length];
        while (most > 0 && Enumerable.Range(0, counts.Length).Any(i => shares[i] < counts[i]))
            for (var i = 0; i < counts.Length && most > 0; i++)
                if (shares[i] < counts[i])
                    (shares[i], most) = (shares[i] + 1, most - 1);
        return shares;
    }

    private static XElement Article(ChangedAnswer changed)
    {
        string[] gold = [.. (changed.Row.Answers ?? []).Select(answer => answer.Text).Distinct(StringComparer.Ordinal)];
        return QuestionArticle.Of(
            changed.Row,
            [
                ("before", QuestionArticle.Answer(changed.Before)),
                ("now", QuestionArticle.Answer(changed.After)),
                ("expected", QuestionArticle.Expected(gold)),
            ],
            $"{changed.Row.Id}, F1 {Html.Number(changed.ScoreBefore.F1)} before, {Html.Number(changed.ScoreAfter.F1)} now",
            MarkedExcerpt.Of(ContextExcerpt.Of(changed.Row, changed.After, changed.Before), gold, changed.Before, changed.After)
        );
    }
}
