using CsCheck;

namespace XDistilTorch.Data;

/// <summary>Random questions for properties: letters of one to four bytes, characters that JSON escapes, answers at real places.</summary>
internal static class DataExamples
{
    private static readonly string[] Pieces =
    [
        "tea",
        " ",
        "naïve",
        "e\u0301",
        "茶",
        "🍵",
        "𝒳",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\u2028",
        "\0",
        "{",
        "],",
        "\u007f",
    ];

    public static readonly Gen<string> Text = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Filled = Text.Select(text => text + "x");

    private static readonly Gen<string?> Title = Gen.Int[0, 3].Select(i => i == 0 ? null : $"title {i}");

    public static readonly Gen<QuestionRow> Row =
        from title in Title
        from question in Filled
        from context in Filled
        from hasAnswers in Gen.Bool
        from cuts in Gen.Select(Gen.Int[0, 100], Gen.Int[1, 100]).Array[0, 3]
        from impossible in Gen.Int[0, 2]
        select new QuestionRow
        {
            Id = "",
            Title = title,
            Question = question,
            Context = context,
            Answers = hasAnswers ? [.. cuts.Select(cut => Answer(context, cut.Item1, cut.Item2))] : null,
            IsImpossible = impossible switch
            {
                0 => null,
                1 => true,
                _ => false,
            },
        };

    /// <summary>Some rows with ids of their own; texts and titles come again.</summary>
    public static readonly Gen<QuestionRow[]> Rows = Row.Array[1, 6]
        .SelectMany(rows =>
            Gen.Int[0, rows.Length - 1].Array[1, 12].Select(picks => picks.Select((pick, i) => rows[pick] with { Id = $"i{i}" }).ToArray())
        );

    private static GoldAnswer Answer(string context, int start, int length)
    {
        var index = new CodePointIndex(context);
        var first = start % index.Count;
        return GoldAnswer.Of(context, index.ToSpan(first, Math.Min(index.Count, first + length)));
    }
}
