using Parquet;
using Parquet.Schema;

namespace XDistilTorch.Formats;

/// <summary>
/// Writes figures as one long table in Parquet, compressed inside (Snappy): the columns <c>id, row, measure, figure, method, layer, head, group, token, text, value</c>. What is
/// held is one row group. For one thread.
/// </summary>
public sealed class FigureTable : IDisposable
{
    private const int RowsInGroup = 1 << 17;

    private static readonly DataField Id = Text("id"),
        Row = new DataField<long>("row"),
        Measure = Text("measure"),
        Figure = Text("figure"),
        Method = Text("method"),
        Layer = new DataField<int?>("layer"),
        Head = new DataField<int?>("head"),
        Group = Text("group"),
        Token = new DataField<int?>("token"),
        TokenText = Text("text"),
        Value = new DataField<double?>("value");

    private readonly List<FigureRow> group = [];
    private readonly ParquetWriter writer;
    private bool isClosed;

    /// <summary>Begins a table.</summary>
    /// <param name="output">Where to; must be able to seek, and stays open.</param>
    public FigureTable(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.CanSeek)
            throw new ArgumentException("Parquet needs a stream that can seek.", nameof(output));
        var schema = new ParquetSchema(Id, Row, Measure, Figure, Method, Layer, Head, Group, Token, TokenText, Value);
        writer = ParquetWriter.CreateAsync(schema, output).GetAwaiter().GetResult();
    }

    /// <summary>Adds a row.</summary>
    public void Add(FigureRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        group.Add(row);
        if (group.Count == RowsInGroup)
            Flush();
    }

    /// <summary>Ends the table: only then can it be read.</summary>
    public void Dispose()
    {
        if (isClosed)
            return;
        isClosed = true;
        Flush();
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Flush()
    {
        if (group.Count > 0)
            WriteGroup().GetAwaiter().GetResult();
        group.Clear();
    }

    private async Task WriteGroup()
    {
        using var written = writer.CreateRowGroup();
        await written.WriteAsync(Id, Texts(row => row.Id)).ConfigureAwait(false);
        await written.WriteAsync<long>(Row, group.Select(row => row.Row).ToArray()).ConfigureAwait(false);
        await written.WriteAsync(Measure, Texts(row => row.Measure)).ConfigureAwait(false);
        await written.WriteAsync(Figure, Texts(row => row.Figure)).ConfigureAwait(false);
        await written.WriteAsync(Method, Texts(row => row.Method)).ConfigureAwait(false);
        await written.WriteAsync<int>(Layer, group.Select(row => row.Layer).ToArray()).ConfigureAwait(false);
        await written.WriteAsync<int>(Head, group.Select(row => row.Head).ToArray()).ConfigureAwait(false);
        await written.WriteAsync(Group, Texts(row => row.Group)).ConfigureAwait(false);
        await written.WriteAsync<int>(Token, group.Select(row => row.Token).ToArray()).ConfigureAwait(false);
        await written.WriteAsync(TokenText, Texts(row => row.Text)).ConfigureAwait(false);
        await written.WriteAsync<double>(Value, group.Select(row => row.Value).ToArray()).ConfigureAwait(false);
        written.CompleteValidate();
    }

    // Half a surrogate pair has no UTF-8; ids with one are refused by readers, and no vocabulary has one.
    private List<string> Texts(Func<FigureRow, string?> text) => [.. group.Select(row => text(row)!)];

    private static DataField Text(string name) => new(name, typeof(string), isNullable: true);
}
