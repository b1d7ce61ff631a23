namespace XDistilTorch.Formats;

/// <summary>What the name of a file says about its contents.</summary>
public static class FileName
{
    private static readonly (string Ending, QuestionFormat Format)[] Endings =
    [
        (".jsonl", QuestionFormat.JsonLines),
        (".ndjson", QuestionFormat.JsonLines),
        (".json", QuestionFormat.Squad),
        (".csv", QuestionFormat.Csv),
        (".tsv", QuestionFormat.Tsv),
        (".tab", QuestionFormat.Tsv),
        (".parquet", QuestionFormat.Parquet),
    ];

    /// <summary>
    /// The format of a name such as <c>dev.csv.zst</c>; <c>.json</c> means SQuAD's nesting, though a JSON array has that name too. Null where the name does not tell.
    /// </summary>
    public static QuestionFormat? Format(string path)
    {
        var name = WithoutCompression(path);
        foreach (var (ending, format) in Endings)
            if (Ends(name, ending))
                return format;
        return null;
    }

    /// <summary>The name without <c>.gz</c> or <c>.zst</c>.</summary>
    public static string WithoutCompression(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsGzip(path) ? path[..^3]
            : IsZstd(path) ? path[..^4]
            : path;
    }

    internal static bool IsGzip(string path) => Ends(path, ".gz");

    internal static bool IsZstd(string path) => Ends(path, ".zst");

    private static bool Ends(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
