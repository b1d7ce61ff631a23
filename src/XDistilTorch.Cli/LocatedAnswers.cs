using XDistilTorch.Data;

namespace XDistilTorch.Cli;

/// <summary>Fills in the starts that answers lack, and tells those that it could not find for certain.</summary>
internal sealed class LocatedAnswers(Terminal terminal)
{
    private const int MostTold = 100;

    private long filled,
        open;

    public bool AreAllFound => open == 0;

    public IEnumerable<QuestionRow> Fill(IEnumerable<QuestionRow> rows)
    {
        foreach (var row in rows)
        {
            var located = AnswerLocator.Fill(row);
            var missing = row.Answers?.Count(answer => answer.Start is null) ?? 0;
            var left = located.Open.Where(answer => row.Answers![answer.Index].Start is null).ToList();
            filled += missing - left.Count;
            foreach (var answer in left)
                Tell(row, answer);
            yield return located.Row;
        }
    }

    public void TellSum()
    {
        if (open > MostTold)
            terminal.Tell($"... and {Counted.Of(open - MostTold, "more answer")}.");
        terminal.Tell(
            $"{Counted.Of(filled, "answer start")} filled in{(open == 0 ? "." : $", {Counted.Of(open, "answer")} left without a start.")}"
        );
    }

    private void Tell(QuestionRow row, OpenAnswer answer)
    {
        if (++open > MostTold)
            return;
        var reason = answer.Meant switch
        {
            AnswerMeant.SeveralPlaces =>
                $"stands at {string.Join(", ", answer.Places)}{(answer.Places.Count == 5 ? ", ..." : "")}: write the start that is meant",
            AnswerMeant.OtherCase => "stands in the context in other capitals only",
            AnswerMeant.OtherComposition => "stands in the context only with accents composed in another way",
            _ => "does not stand in the context",
        };
        terminal.Tell(PlainText.OnOneLine($"{row.Place} (id \"{row.Id}\"): the answer \"{row.Answers![answer.Index].Text}\" {reason}."));
    }
}
