using System.Text;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Csv;

/// <summary>Tells CSV and its delimiter from the first line, which names the columns.</summary>
internal static class CsvHeader
{
    private const int Longest = 1 << 16;

    /// <summary>The delimiter under which the first line names the most columns that are known; null when question and context are not among them.</summary>
    /// <param name="bytes">Consumed up to a byte order mark at most.</param>
    public static char? Delimiter(ByteBuffer bytes) => Best(bytes) is (var delimiter, >= 2, true) ? delimiter : null;

    /// <summary>The best guess for a file that is known to be CSV.</summary>
    public static char LikelyDelimiter(ByteBuffer bytes, char usual) => Best(bytes) is (var delimiter, > 0, _) ? delimiter : usual;

    private static (char Delimiter, int Known, bool HasTexts) Best(ByteBuffer bytes)
    {
        var line = FirstLine(bytes);
        return ",\t;".Select(delimiter => Count(line, delimiter)).MaxBy(it => it.Known);
    }

    private static (char Delimiter, int Known, bool HasTexts) Count(string line, char delimiter)
    {
        var names = line.Split(delimiter).Select(cell => CsvColumns.Normalized(cell.Trim().Trim('"'))).ToHashSet(StringComparer.Ordinal);
        return (delimiter, names.Count(CsvColumns.IsKnown), names.IsSupersetOf(["question", "context"]));
    }

    private static string FirstLine(ByteBuffer bytes)
    {
        var start = 0;
        while (true)
        {
            var rest = bytes.Bytes[start..];
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (end == 0)
                start++; // blank lines come before the header too
            else if (end > 0)
                return Encoding.UTF8.GetString(rest[..end]);
            else if (bytes.Bytes.Length >= Longest || !bytes.Fill())
                return Encoding.UTF8.GetString(bytes.Bytes[Math.Min(start, bytes.Bytes.Length)..]);
        }
    }
}
