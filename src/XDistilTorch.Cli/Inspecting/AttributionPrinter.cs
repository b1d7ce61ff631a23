using System.Globalization;
using Spectre.Console;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Attributions for people: on a terminal the text as a heat map; everywhere the words that count most, errors, curves and agreement.</summary>
internal sealed class AttributionPrinter(IAnsiConsole console, int top)
{
    private const double LargeError = 0.01;

    public void Print(AttributionResult result, InspectedQuestion question)
    {
        PrintDecision(result, question);
        foreach (var method in result.Methods)
            Print(method, result);
        if (result.RandomCurves is { } random)
            PrintCurves(result.Methods, random);
        if (result.Agreement.Count > 0)
            PrintAgreement(result.Agreement);
    }

    private void PrintDecision(AttributionResult result, InspectedQuestion question)
    {
        var (decision, window) = (result.Decision, result.Decision.Window);
        var target = Shown(new DecisionSide(decision.For).Describe(window));
        var over = decision.Against is { } other ? $" over {Shown(other.Describe(window))}" : "";
        if (!question.Answer.HasAnswer)
            Line("[bold yellow]No answer in this text.[/]");
        Line($"[bold]score of {target}{over}: {Signed(result.Methods[0].Attribution.TargetValue)}[/]");
        if (question.Windows.Count > 1)
            Line($"[dim]window {Number(window.Tokens.Index)} of {Number(question.Windows.Count)}, numbered from 0[/]");
    }

    private void Print(MethodResult method, AttributionResult result)
    {
        Line($"\n[bold]{method.Attribution.Method}[/] [dim]{Shown(method.Setting)}[/]");
        if (console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors)
            foreach (var markup in HeatMap.Of(result.Decision.Window, method.Attribution))
                Line($"  {markup}");
        foreach (var unit in result.Units.OrderByDescending(unit => Math.Abs(unit.ValueIn(method.Attribution))).Take(top))
            Line(
                $"{Signed(unit.ValueIn(method.Attribution)), 9}  {Shown(unit.TextIn(result.Decision.Window))}{(unit.InContext ? "" : " [dim](question)[/]")}"
            );
        if (method.Terms is { } terms)
            PrintTerms(terms);
        else if (method.Attribution.CompletenessError is not null)
            PrintCompleteness(method.Attribution);
        Line($"  [dim]Shows {Shown(method.Shows)}[/]");
    }

    private void PrintCompleteness(TokenAttribution values)
    {
        var relative = values.RelativeCompletenessError;
        var part = relative is { } share ? string.Create(CultureInfo.InvariantCulture, $", {share * 100:0.###} %") : "";
        Line(
            $"  sum {Signed(values.Sum)}, score {Signed(values.TargetValue)} minus the baseline's {Signed(values.BaselineValue!.Value)}: "
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"completeness error {Math.Abs(values.CompletenessError!.Value):0.0000}{part}"
                )
                + (relative > LargeError ? ". [yellow]More --steps make it smaller.[/]" : "")
        );
    }

    private void PrintTerms(DirectTerms terms)
    {
        Line(
            $"  embeddings {Signed(terms.Embeddings)}, heads {Signed(terms.Heads.Sum(layer => layer.Sum()))}, MLPs {Signed(terms.Mlps.Sum())}, "
                + $"biases {Signed(terms.Biases)}; "
                + string.Create(CultureInfo.InvariantCulture, $"error of the sum {Math.Abs(terms.Error):0.0000}")
        );
        var strongest = terms
            .Heads.SelectMany((layer, l) => layer.Select((value, h) => (l, h, value)))
            .OrderByDescending(head => Math.Abs(head.value))
            .Take(5);
        Line(
            $"  strongest heads: {string.Join(", ", strongest.Select(head => $"{Number(head.l)}:{Number(head.h)} {Signed(head.value)}"))}"
        );
    }

    private void PrintCurves(IReadOnlyList<MethodResult> methods, FaithfulnessCurves random)
    {
        Line("");
        var table = new Table().Border(TableBorder.Simple).AddColumns("areas", "insertion", "deletion");
        foreach (var method in methods)
            table.AddRow(method.Attribution.Method, Plain(method.Curves!.InsertionArea), Plain(method.Curves.DeletionArea));
        table.AddRow($"{InsertionDeletion.RandomOrders} random orders", Plain(random.InsertionArea), Plain(random.DeletionArea));
        console.Write(table);
        Line($"  [dim]Better: insertion larger, deletion smaller. Shows {Shown(InsertionDeletion.Shows)}[/]");
    }

    private void PrintAgreement(IReadOnlyList<AttributionAgreement> pairs)
    {
        Line("");
        var table = new Table().Border(TableBorder.Simple).AddColumns("agreement over the text's tokens", "", "Spearman", "of the top 10");
        foreach (var pair in pairs)
            table.AddRow(pair.First, pair.Second, pair.Spearman is { } rank ? Plain(rank) : "-", Plain(pair.TopOverlap));
        console.Write(table);
        Line($"  [dim]Shows that {Shown(AttributionAgreement.Shows)}[/]");
    }

    private void Line(string markup) => console.MarkupLine(markup);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string Plain(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string text) => PlainText.OnOneLine(text).EscapeMarkup();
}
