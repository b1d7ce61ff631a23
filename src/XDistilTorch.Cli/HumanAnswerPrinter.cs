using System.Globalization;
using Spectre.Console;

namespace XDistilTorch.Cli;

/// <summary>The answer, its sentence with the answer marked, its place, and how sure the model is.</summary>
internal sealed class HumanAnswerPrinter(Terminal terminal, int topK, bool withQuestion) : IAnswerPrinter
{
    private readonly IAnsiConsole console = terminal.Pretty;

    private bool first = true;

    public void Print(Answer answer, string context)
    {
        if (withQuestion)
            Line($"{(first ? "" : "\n")}[bold]{Shown(answer.Question)}[/]");
        first = false;
        if (answer.HasAnswer)
            PrintAnswer(answer, context);
        else
            PrintNoAnswer(answer);
        if (topK > 1)
            PrintList(answer, context);
    }

    private void PrintAnswer(Answer answer, string context)
    {
        var span = new TextSpan(answer.StartUtf16!.Value, answer.EndUtf16!.Value);
        Line($"[bold green]{Shown(answer.Text)}[/]");
        Line($"  {Marked(context, SentenceFinder.Find(context, span), span)}");
        Line($"  [dim]{Place(context, span.Start)}, score {Number(answer.Score)}, probability {Number(answer.Probability)}[/]");
    }

    private void PrintNoAnswer(Answer answer)
    {
        Line("[bold yellow]No answer in this text.[/]");
        Line($"  [dim]score {Number(answer.Score)}, probability {Number(answer.Probability)}[/]");
    }

    private void PrintList(Answer answer, string context)
    {
        for (var i = 0; i < answer.Answers.Count; i++)
        {
            var span = answer.Answers[i];
            var figures = string.Create(CultureInfo.InvariantCulture, $"{i + 1, 4}. {Number(span.Score), 8} {Number(span.Probability), 6}");
            Line($"[dim]{figures}  {Place(context, span.StartUtf16)}:[/] {Shown(span.Text)}");
        }
    }

    // Where there are no colours, brackets show the answer in its sentence.
    private string Marked(string context, TextSpan sentence, TextSpan answer)
    {
        var (before, after) = console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors ? ("[[", "]]") : ("[bold green]", "[/]");
        return Shown(context[sentence.Start..answer.Start])
            + before
            + Shown(answer.Of(context))
            + after
            + Shown(context[answer.End..sentence.End]);
    }

    private static string Place(string context, int position)
    {
        var place = TextPlace.Of(context, position);
        return string.Create(CultureInfo.InvariantCulture, $"{(place.Page is { } page ? $"page {page}, " : "")}line {place.Line}");
    }

    private void Line(string markup) => console.MarkupLine(markup);

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Shown(string text) => PlainText.OnOneLine(text).EscapeMarkup();
}
