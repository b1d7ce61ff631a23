using System.Globalization;
using Spectre.Console;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>The importance of heads for people: a table of layers by heads for each measure, and the list to prune.</summary>
internal static class ImportancePrinter
{
    public static void Print(IAnsiConsole console, ImportanceRecord record, int? least)
    {
        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Data}: {Counted.Of(record.Questions, "question")}, {Counted.Of(record.Windows, "window")}, mean loss {record.Loss:0.0000} with all heads; below in thousandths, layers down, heads across"
            )
        );
        if (record.Gradient is { } gradient)
            Print(console, "by gradient: mean |c . dL/dc|", gradient, "0.0");
        if (record.LossChange is { } change)
            Print(console, "by ablation: how much the mean loss grows without the head", change, "+0.0;-0.0;0.0");
        if (record.RankCorrelation is { } correlation)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rank correlation of the two: {correlation:0.000}"));
        PrintLeast(console, "gradient", record.LeastByGradient, least);
        PrintLeast(console, "ablation", record.LeastByAblation, least);
        console.WriteLine(record.Note);
    }

    private static void Print(IAnsiConsole console, string title, IReadOnlyList<double[]> values, string format)
    {
        console.WriteLine();
        console.WriteLine(title);
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        var most = values.Max(heads => heads.Length);
        for (var head = 0; head < most; head++)
            table.AddColumn(head.ToString(CultureInfo.InvariantCulture));
        foreach (var column in table.Columns)
            column.RightAligned().NoWrap().Padding(1, 0);
        foreach (var (layer, heads) in values.Index())
            table.AddRow([
                layer.ToString(CultureInfo.InvariantCulture),
                .. heads.Select(value => (1000 * value).ToString(format, CultureInfo.InvariantCulture)),
            ]);
        console.Write(table);
    }

    private static void PrintLeast(IAnsiConsole console, string measure, string? heads, int? least)
    {
        if (heads is not null)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"least important {least} by {measure}: --heads {heads}"));
    }
}
