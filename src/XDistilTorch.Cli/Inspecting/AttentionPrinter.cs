using System.Globalization;
using Spectre.Console;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Attention for people: a table of figures by layer, then the tokens that the answer looks at and that look at it.</summary>
internal sealed class AttentionPrinter(IAnsiConsole console, int top)
{
    public void Print(InspectedQuestion question, AttentionReport report)
    {
        var heads = report.Layers[0].Heads;
        PrintTarget(question, report.Target);
        console.WriteLine(heads.Count == 1 ? $"Figures of head {heads[0].Head}." : $"Figures are means over {heads.Count} heads.");
        PrintFigures(report);
        console.WriteLine(
            "Value norm: the length of what is handed over, attention times value. Rollout: attention followed down to the embeddings, over all heads."
        );
        foreach (var layer in report.Layers)
            PrintTokens(layer, report.Target.Window);
        console.WriteLine();
        console.WriteLine(AttentionReport.Note);
    }

    private void PrintTarget(InspectedQuestion question, InspectedTarget target)
    {
        var place = string.Create(
            CultureInfo.InvariantCulture,
            $"{Place(target.Tokens)} of {target.Window.Length} in window {target.Window.Tokens.Index} of {question.Windows.Count}"
        );
        if (target.Text is { } text)
            console.MarkupLine($"[bold green]{Shown(text)}[/]: {place}");
        else
            console.MarkupLine($"[bold yellow]No answer[/]: decided at {Shown("[CLS]")}, {place}");
        if (!question.Answer.HasAnswer && target.Span is not null)
            console.WriteLine("The model gives no answer in this text.");
        else if (question.Answer.HasAnswer && target.Text != question.Answer.Text)
            console.MarkupLine($"The model's answer is {Shown(question.Answer.Text)}.");
    }

    private void PrintFigures(AttentionReport report)
    {
        TokenGroup[] groups = [.. report.Layers[0].Mean.GroupMass.Keys.Order()];
        var who = report.Target.Span is null ? "[CLS]" : "the answer";
        console.MarkupLine(
            $"The share of each group in what {Shown(who)} looks at; over all tokens, the share of the sinks [[CLS]] and [[SEP]], entropy in nats, distance in tokens:"
        );
        var table = new Table().Border(TableBorder.Simple).AddColumn("layer");
        foreach (var group in groups)
            table.AddColumn(GroupNames.ForPeople(group).EscapeMarkup());
        table.AddColumns("sinks", "entropy", "distance");
        foreach (var column in table.Columns)
            column.RightAligned().NoWrap();
        foreach (var layer in report.Layers)
            table.AddRow([
                layer.Layer.ToString(CultureInfo.InvariantCulture),
                .. groups.Select(group => Number(layer.Mean.GroupMass[group])),
                Number(layer.Mean.SinkShare),
                Number(layer.Mean.Entropy),
                layer.Mean.Distance.ToString("0.0", CultureInfo.InvariantCulture),
            ]);
        console.Write(table);
    }

    private void PrintTokens(LayerAttention layer, InspectedWindow window)
    {
        console.WriteLine($"layer {layer.Layer}");
        console.MarkupLine($"  looks at      {Tokens(layer.Mean.LooksAt, window)}");
        console.MarkupLine($"  looked at by  {Tokens(layer.Mean.LookedAtBy, window)}");
        console.MarkupLine($"  value norm    {Tokens(layer.Mean.ValueNorm, window)}");
        console.MarkupLine($"  rollout       {Tokens(layer.Rollout, window)}");
    }

    // Several tokens may read alike: the position tells which one it is.
    private string Tokens(IReadOnlyList<float> values, InspectedWindow window) =>
        string.Join(
            ", ",
            Enumerable
                .Range(0, values.Count)
                .OrderByDescending(i => values[i])
                .ThenBy(i => i)
                .Take(top)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"{Shown(window.TextOf(i))} [dim]({i})[/] {values[i]:0.000}"))
        );

    private static string Place(TokenSpan tokens) =>
        tokens.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"token {tokens.First}") : $"tokens {tokens}";

    private static string Number(float value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Shown(string text) => PlainText.OnOneLine(text).EscapeMarkup();
}
