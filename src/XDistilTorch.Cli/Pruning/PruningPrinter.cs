using System.Globalization;
using Spectre.Console;

namespace XDistilTorch.Cli.Pruning;

/// <summary>A pruned model for people: what is left, and where it was measured, what that cost and gained.</summary>
internal static class PruningPrinter
{
    public static void Print(IAnsiConsole console, PruningRecord record)
    {
        var all = record.Heads.Sum() + record.PrunedHeads.Values.Sum(heads => heads.Count);
        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Output}: {Counted.Of(record.Layers, "layer")}, {record.Heads.Sum()} of their {all} heads, {record.Parameters:N0} parameters, {Share(record)} of those before, stored as {record.StoredAs}"
            )
        );
        if (record.Comparison is { } comparison)
            Print(console, comparison);
    }

    private static void Print(IAnsiConsole console, ComparisonRecord comparison)
    {
        console.WriteLine($"{comparison.Data}: {Counted.Of(comparison.Questions, "question")}, {Counted.Of(comparison.Windows, "window")}");
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "before", "after", "difference", "95 % interval");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        AddRow(table, "exact match", comparison.Exact);
        AddRow(table, "F1", comparison.F1);
        var speed = comparison.WindowsPerSecond;
        table.AddRow("windows/s", Number(speed.Before, "0.0"), Number(speed.After, "0.0"), $"x {Number(speed.Speedup, "0.00")}", "");
        console.Write(table);
    }

    private static void AddRow(Table table, string name, FigurePair figure) =>
        table.AddRow(
            name,
            Number(figure.Before, "0.00"),
            Number(figure.After, "0.00"),
            Number(figure.Difference.Mean, "+0.00;-0.00;0.00"),
            $"{Number(figure.Difference.Lower, "0.00")} to {Number(figure.Difference.Upper, "0.00")}"
        );

    private static string Share(PruningRecord record) => Number((double)record.Parameters / record.ParametersBefore, "0.0 %");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
