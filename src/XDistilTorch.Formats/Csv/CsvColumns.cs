using CsvHelper;
using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Csv;

/// <summary>Which cell of a row is what. Names are compared without regard to case.</summary>
internal sealed class CsvColumns
{
    private static readonly string[] Known =
    [
        "id",
        "title",
        "context",
        "question",
        "answers",
        "answer",
        "answer_text",
        "answer_start",
        "is_impossible",
    ];

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <summary>How many cells a row has.</summary>
    public required int Count { get; init; }

    public int? Id => Find("id");
    public int? Title => Find("title");
    public int? Question => Find("question");
    public int? Context => Find("context");
    public int? IsImpossible => Find("is_impossible");

    /// <summary>All answers as JSON.</summary>
    public int? Answers => Find("answers");

    /// <summary>The text of the one answer; not looked at where there are <see cref="Answers"/>.</summary>
    public int? AnswerText => Answers is null ? Find(AnswerTextName) : null;

    public int? AnswerStart => Find("answer_start");

    public string AnswerTextName => places.ContainsKey("answer") ? "answer" : "answer_text";

    public static bool IsKnown(string name) => Known.Contains(name);

    public static string Normalized(string name) => name.Trim().ToLowerInvariant();

    /// <summary>Reads the header; null when rows cannot be read under it.</summary>
    public static CsvColumns? Read(CsvReader header, DataReaderOptions options, List<DataFault> faults)
    {
        var columns = new CsvColumns { Count = header.FieldCount };
        var place = new DataPlace(header.LineNumber, "$");
        for (var i = 0; i < header.FieldCount; i++)
        {
            var name = Normalized(header.GetString(i));
            if (!IsKnown(name))
                options.LeftOut?.Add(header.GetString(i));
            else if (!columns.places.TryAdd(name, i))
                faults.Add(FieldReader.DuplicateKey(place, name) with { });
        }
        foreach (var name in (string[])["question", "context"])
            if (columns.Find(name) is null)
                faults.Add(Missing(place, name));
        if (columns.Id is null && !options.NumberRows)
            faults.Add(Missing(place, "id"));
        return faults.Count == 0 ? columns : null;
    }

    private static DataFault Missing(DataPlace place, string name) =>
        FieldReader.Missing(
            place.Member(name),
            name == "id" ? "Name a column so in the first line, or number the rows." : "Name a column so in the first line."
        );

    private int? Find(string name) => places.TryGetValue(name, out var at) ? at : null;
}
