using XDistilTorch.Formats;

namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>All numbers of all rows as one long table.</summary>
/// <param name="measure">What the table's column of that name says.</param>
/// <param name="output">Where to; stays open.</param>
internal sealed class FigureTableSink(string measure, Stream output) : IRowSink
{
    private readonly FigureTable table = new(output);

    public void Write(MeasuredRow row)
    {
        if (row.Row.Error is { } error)
            table.Add(new FigureRow(row.Row.Id, row.Row.Number, measure, "error", null) { Text = $"{error.Code}: {error.Message}" });
        foreach (var value in row.Values)
            table.Add(
                new FigureRow(row.Row.Id, row.Row.Number, measure, value.Figure, value.Value)
                {
                    Method = value.Method,
                    Layer = value.Layer,
                    Head = value.Head,
                    Group = value.Group,
                    Token = value.Token,
                    Text = value.Text,
                }
            );
    }

    public void Dispose() => table.Dispose();
}
