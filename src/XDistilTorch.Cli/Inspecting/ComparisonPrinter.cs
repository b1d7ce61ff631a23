using System.Globalization;
using Spectre.Console;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Two checkpoints side by side for people.</summary>
internal static class ComparisonPrinter
{
    private const int MostParameters = 10,
        MostOfAKind = 4; // now right, now wrong, as right as before: the better ones are not to hide the worse

    public static void Print(IAnsiConsole console, ComparisonSummary summary, CheckpointPair pair)
    {
        console.WriteLine($"before: {PlainText.OnOneLine(pair.Before.Folder)}");
        console.WriteLine($"after:  {PlainText.OnOneLine(pair.After.Folder)}");
        console.WriteLine($"{Counted.Of(summary.Questions, "question")} in {Counted.Of(summary.Windows, "window")}");
        PrintLayers(console, summary);
        console.WriteLine(HiddenSimilarity.Note);
        console.WriteLine(AttentionDivergence.Note);
        PrintParameters(console, summary);
        console.WriteLine(ParameterMovement.Note);
        PrintAnswers(console, summary);
    }

    private static void PrintLayers(IAnsiConsole console, ComparisonSummary summary)
    {
        var table = Table("layer", "hidden states, cosine", "5 % below", "attention, JSD in nats", "most, in head");
        for (var layer = 0; layer < summary.Similarity.Count; layer++)
        {
            var similarity = summary.Similarity[layer];
            if (layer == 0)
            {
                table.AddRow("embeddings", Cosine(similarity.Mean), Cosine(similarity.Low), "", "");
                continue;
            }
            double[] heads = [.. summary.Divergence[layer - 1].Select(head => head.Mean)];
            var (mean, most) = ("", ""); // a pruned model may have layers without heads
            if (heads.Length > 0)
                (mean, most) = (Nats(heads.Average()), $"{Nats(heads.Max())} in {Whole(Array.IndexOf(heads, heads.Max()))}");
            table.AddRow(Whole(layer - 1), Cosine(similarity.Mean), Cosine(similarity.Low), mean, most);
        }
        console.Write(table);
    }

    private static void PrintParameters(IAnsiConsole console, ComparisonSummary summary)
    {
        var moved = summary.Parameters.Count(parameter => parameter.Distance > 0);
        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nparameters moved: {moved} of {summary.Parameters.Count}, all together by {summary.RelativeMovement:0.###%} of their length"
            )
        );
        if (moved == 0)
            return;
        var table = Table("parameter", "moved by", "of its length");
        table.Columns[0].LeftAligned();
        foreach (var parameter in summary.Parameters.Where(parameter => parameter.Distance > 0).Take(MostParameters))
            table.AddRow(
                parameter.Name.EscapeMarkup(),
                parameter.Distance.ToString("0.0000", CultureInfo.InvariantCulture),
                double.IsFinite(parameter.Relative) ? parameter.Relative.ToString("0.00%", CultureInfo.InvariantCulture) : "was 0"
            );
        console.Write(table);
    }

    private static void PrintAnswers(IAnsiConsole console, ComparisonSummary summary)
    {
        console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"\nanswers changed: {summary.Changed:N0} of {summary.Questions:N0}")
        );
        if (summary.Scores is { } scores)
            console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"exact match {scores.ExactBefore:0.00} -> {scores.ExactAfter:0.00}, F1 {scores.F1Before:0.00} -> {scores.F1After:0.00}; right only before {scores.McNemar.OnlyFirst}, only after {scores.McNemar.OnlySecond} (McNemar p {scores.McNemar.PValue:0.####})"
                )
            );
        // One question is told of also when both answer it alike.
        List<QuestionComparison> shown =
        [
            .. summary.Questions == 1
                ? summary.AnswersMost
                : summary.ChangedAnswers.GroupBy(question => question.ExactChange).SelectMany(kind => kind.Take(MostOfAKind)),
        ];
        foreach (var question in shown)
            console.WriteLine(
                $"  {PlainText.OnOneLine(question.Row.Question)}\n    {Answer(question.Before)} -> {Answer(question.After)}{Change(question)}"
            );
        if (summary.Changed > shown.Count)
            console.WriteLine($"  ... {Counted.Of(summary.Changed - shown.Count, "more change")}: see --html and --output");
    }

    private static string Answer(ComparedAnswer compared) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(compared.Answer.HasAnswer ? PlainText.OnOneLine(compared.Answer.Text) : "no answer")} ({compared.Answer.Score:0.000})"
        );

    private static string Change(QuestionComparison question) =>
        question.ExactChange switch
        {
            > 0 => ", now right",
            < 0 => ", now wrong",
            _ => "",
        };

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (var column in table.Columns)
            column.RightAligned();
        return table;
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Cosine(double number) => number.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Nats(double number) => number.ToString("0.0000", CultureInfo.InvariantCulture);
}
