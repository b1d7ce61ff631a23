using System.Text;

namespace XDistilTorch.Data;

/// <summary>A file of titles: one a line, what follows a tab is a remark; blank lines count for nothing.</summary>
public static class TitleList
{
    /// <summary>Reads the titles.</summary>
    /// <exception cref="DataException">The file cannot be read, is not UTF-8, names a title twice or names none.</exception>
    public static IReadOnlySet<string> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var titles = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in ReadText(path).Split('\n'))
        {
            number++;
            var title = line.Split('\t')[0].Trim();
            if (title.Length > 0 && !titles.Add(title))
                throw new DataException($"{path}: line {number}: the title \"{title}\" is there twice. Remove one of the two.");
        }
        return titles.Count > 0 ? titles : throw new DataException($"{path}: has no title, expected one a line.");
    }

    private static string ReadText(string path)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{path}: is not UTF-8 (byte {e.Index}). Convert it, for example with: iconv -f latin1 -t utf-8", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
