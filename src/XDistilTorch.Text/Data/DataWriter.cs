using System.IO.Compression;
using XDistilTorch.Data.Writing;

namespace XDistilTorch.Data;

/// <summary>
/// Writes questions so that reading them gives the same rows in the same order. Of the fields of a row everything is written but its place.
/// </summary>
public static class DataWriter
{
    /// <summary>
    /// Writes a file: under a temporary name in the same folder, flushed to the disk, then renamed, so that the name never belongs to half a file.
    /// A name that ends in .gz makes it compressed.
    /// </summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="format">The form.</param>
    /// <param name="rows">The questions; taken one by one.</param>
    /// <exception cref="DataException">The file cannot be written, or a row holds half a surrogate pair.</exception>
    public static void Write(string path, DataFormat format, IEnumerable<QuestionRow> rows)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(rows);
        using var file = new ReplacedFile(path);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var compressed = new GZipStream(file.Stream, CompressionLevel.Optimal, leaveOpen: true);
            Write(compressed, format, rows);
        }
        else
            Write(file.Stream, format, rows);
        file.Commit();
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <exception cref="DataException">A row holds half a surrogate pair.</exception>
    public static void Write(Stream output, DataFormat format, IEnumerable<QuestionRow> rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(rows);
        switch (format)
        {
            case DataFormat.Squad:
                new SquadLayout(output).Write(rows);
                break;
            case DataFormat.JsonLines:
                new RowLayout(output).WriteLines(rows);
                break;
            case DataFormat.JsonArray:
                new RowLayout(output).WriteArray(rows);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "no such format");
        }
    }
}
