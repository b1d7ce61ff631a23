namespace XDistilTorch.Data.Reading;

/// <summary>JSON lines: one value a line, ended by LF alone; a bad line is told and the next one read.</summary>
internal sealed class LineWalker(ByteBuffer buffer, RowParser rows)
{
    public IEnumerable<DataItem> Read()
    {
        var line = buffer.LineOf(0);
        while (NextLine() is { } length)
        {
            if (buffer.Bytes[..length].ContainsAnyExcept(" \t\r"u8))
                foreach (var item in ReadLine(length, line))
                    yield return item;
            buffer.Consume(Math.Min(length + 1, buffer.Bytes.Length));
            line++;
        }
    }

    // Up to, not including, its LF.
    private int? NextLine()
    {
        var searched = 0;
        while (true)
        {
            var found = buffer.Bytes[searched..].IndexOf((byte)'\n');
            if (found >= 0)
                return searched + found;
            searched = buffer.Bytes.Length;
            if (!buffer.Fill())
                return searched == 0 ? null : searched;
        }
    }

    private List<DataItem> ReadLine(int length, long line)
    {
        if (!ByteBuffer.IsUtf8(buffer.Bytes[..length], isEnd: true, out var valid))
            return Unreadable(buffer.NotUtf8(valid, line));
        var items = new List<DataItem>();
        try
        {
            items.AddRange(new DocumentWalker(new JsonCursor(buffer.Part(0, length), line, isLine: true), rows, line).Read());
        }
        catch (InputFaultException e)
        {
            items.Clear(); // a line counts as a whole or not at all
            return Unreadable(e.Fault);
        }
        return items;
    }

    private List<DataItem> Unreadable(DataFault fault)
    {
        rows.CountUnreadable();
        return [new(null, [fault])];
    }
}
