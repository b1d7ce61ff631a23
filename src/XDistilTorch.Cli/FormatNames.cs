using XDistilTorch.Formats;

namespace XDistilTorch.Cli;

/// <summary>What options call the formats of question files.</summary>
internal static class FormatNames
{
    private static readonly (string Name, QuestionFormat Format)[] Names =
    [
        ("squad", QuestionFormat.Squad),
        ("jsonl", QuestionFormat.JsonLines),
        ("json", QuestionFormat.JsonArray),
        ("csv", QuestionFormat.Csv),
        ("tsv", QuestionFormat.Tsv),
        ("parquet", QuestionFormat.Parquet),
    ];

    public static IEnumerable<string> All => Names.Select(it => it.Name);

    /// <summary>The format of a name that is one of <see cref="All"/>; null for null.</summary>
    public static QuestionFormat? Parse(string? name) => name is null ? null : Names.Single(it => it.Name == name).Format;
}
