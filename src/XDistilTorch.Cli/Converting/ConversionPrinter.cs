using System.Globalization;
using Spectre.Console;

namespace XDistilTorch.Cli.Converting;

/// <summary>A converted model for people: what became of the tensors, and the files.</summary>
internal static class ConversionPrinter
{
    public static void Print(IAnsiConsole console, ConversionRecord record)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        void Row(string name, string value) =>
            grid.AddRow($"[bold]{name.EscapeMarkup()}[/]", PlainText.WithoutControls(value).EscapeMarkup());
        Row("folder", record.Output);
        Row("tensors", $"{Number(record.Tensors)} of {Number(record.Numbers)} numbers, read back and equal");
        Row("stored as", Change(Types(record.TypesBefore), Types(record.Types)));
        Row("bytes", Change(Number(record.BytesBefore), Number(record.Bytes)));
        if (record.Rounded > 0)
            Row(
                "rounded",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Counted.Of(record.Rounded, "tensor")}, by {record.LargestChange:0.000000} at most"
                )
            );
        if (record.Renamed > 0)
            Row("renamed", $"{Counted.Of(record.Renamed, "old name")}");
        foreach (var file in record.Files)
            Row(file.Name, Counted.Of(file.Bytes, "byte"));
        console.Write(grid);
    }

    private static string Change(string before, string after) => before == after ? after : $"{before} -> {after}";

    private static string Types(IReadOnlyDictionary<string, int> types) =>
        types.Count == 1 ? types.Keys.Single() : string.Join(", ", types.Select(type => $"{type.Value} {type.Key}"));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
