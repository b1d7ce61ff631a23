using System.Globalization;
using Spectre.Console;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Causes for people: ablation, knock-out, patching, and the span lens.</summary>
internal static class CausalityPrinter
{
    public static void Print(IAnsiConsole console, AblationReport report, AblationKind kind, int top)
    {
        PrintTarget(console, report.Target);
        console.WriteLine(
            $"score {Number(report.Score)}{(report.Margin is { } margin ? $", above no answer by {Number(margin)}" : "")}; changes when a part is replaced by {kind switch
            {
                AblationKind.Zero => "nothing",
                AblationKind.Mean => "its mean",
                _ => "its values in another window",
            }}:"
        );
        var heads = Table("layer", "head", "score", "margin", "attention on the question");
        foreach (var effect in report.Heads.OrderByDescending(effect => Math.Abs(effect.Score)).Take(top))
            heads.AddRow(
                Whole(effect.Layer),
                Whole(effect.Head!.Value),
                Signed(effect.Score),
                Signed(effect.Margin),
                Number(effect.AttentionOnQuestion!.Value)
            );
        console.Write(heads);
        var layers = Table("layer", "score", "margin");
        foreach (var effect in report.Layers)
            layers.AddRow(Whole(effect.Layer), Signed(effect.Score), Signed(effect.Margin));
        console.Write(layers);
        console.WriteLine(AblationReport.Note);
    }

    public static void Print(IAnsiConsole console, LensRecord record, InspectedTarget looked)
    {
        PrintTarget(console, looked);
        if (looked.Span is not null)
            console.WriteLine(
                record.SettledAt is not { } settled ? "not the best in the last layer"
                : settled == 0 ? "the best of all in the embeddings already"
                : $"the best of all from after layer {settled - 1} on"
            );
        var table = Table("after layer", "score", "no answer", "rank", "best span");
        table.Columns[4].LeftAligned();
        foreach (var layer in record.Layers)
            table.AddRow(
                layer.Layer == 0 ? "embeddings" : Whole(layer.Layer - 1),
                Number(layer.Score),
                Number(layer.Null),
                layer.Rank is { } rank ? Whole(rank + 1) : "-",
                string.Join(" | ", layer.Best.Select(best => $"{Shown(best.Text)} {Number(best.Score)}"))
            );
        console.Write(table);
        console.WriteLine(record.Note);
    }

    public static void Print(IAnsiConsole console, KnockoutRecord record, InspectedTarget looked)
    {
        PrintTarget(console, looked);
        console.WriteLine($"{record.From} may not look at {record.To}:");
        var table = Table("layers", "score", "margin");
        table.AddRow("none", Number(record.Score), record.Margin is { } open ? Number(open) : "-");
        foreach (var knockout in record.Knockouts)
            table.AddRow(
                knockout.Layers.Count == 1
                    ? Whole(knockout.Layers[0])
                    : string.Create(CultureInfo.InvariantCulture, $"{knockout.Layers[0]} to {knockout.Layers[^1]}"),
                Number(knockout.Score),
                knockout.Margin is { } shut ? Number(shut) : "-"
            );
        console.Write(table);
        console.WriteLine(record.Note);
    }

    public static void Print(IAnsiConsole console, PatchingRecord record, InspectedTarget looked, int top)
    {
        PrintTarget(console, looked);
        console.WriteLine(
            $"{(looked.Span is null ? "score of no answer" : "how far it is above no answer")}: clean {Number(record.Clean)}, corrupted {Number(record.Corrupted)}"
        );
        var cells = record
            .HiddenStates.SelectMany(
                (row, layer) =>
                    row.Select(
                        (score, i) =>
                            (
                                $"{(layer == 0 ? "embeddings" : $"after layer {layer - 1}")}, {Shown(looked.Window.TextOf(i))} ({i})",
                                score,
                                record.AttributedHiddenStates[layer][i]
                            )
                    )
            )
            .Concat(
                record.Heads.SelectMany(
                    (row, layer) => row.Select((score, head) => ($"layer {layer}, head {head}", score, record.AttributedHeads[layer][head]))
                )
            )
            .Concat(record.Mlps.Select((score, layer) => ($"layer {layer}, MLP", score, record.AttributedMlps[layer])));
        var table = Table("value put in", "score", "brought back", "attribution patching");
        table.Columns[0].LeftAligned();
        foreach (var (name, score, slope) in cells.OrderByDescending(cell => Math.Abs(cell.score - record.Corrupted)).Take(top))
            table.AddRow(name, Number(score), Share(score - record.Corrupted, record), Share(slope, record));
        console.Write(table);
        console.WriteLine(
            record.Correlation is { } correlation
                ? $"attribution patching over all cells: correlation {Number(correlation)}"
                : "attribution patching does not vary over the cells"
        );
        console.WriteLine(record.Note);
    }

    private static string Share(double change, PatchingRecord record) =>
        record.Clean == record.Corrupted ? "-" : (change / (record.Clean - record.Corrupted)).ToString("0 %", CultureInfo.InvariantCulture);

    private static void PrintTarget(IAnsiConsole console, InspectedTarget target) =>
        console.MarkupLine(
            target.Text is { } text
                ? $"[bold green]{Shown(text)}[/]: tokens {target.Tokens} of window {target.Window.Tokens.Index}"
                : "[bold yellow]No answer[/]"
        );

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (var column in table.Columns)
            column.RightAligned();
        return table;
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Signed(double? number) => number?.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Shown(string text) => PlainText.OnOneLine(text).EscapeMarkup();
}
