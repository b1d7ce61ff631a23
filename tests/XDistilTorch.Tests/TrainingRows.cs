using System.Text.Json;
using XDistilTorch.Data;

namespace XDistilTorch.Tests;

/// <summary>Questions with answers about texts that the small model spells; every fourth has none.</summary>
public static class TrainingRows
{
    public static List<QuestionRow> Of(int count, int seed = 1, bool withoutAnswers = false)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var context = ModelFolder.Text(6 + random.Next(20), seed * 1000 + i) + " osei was the clock";
                    return new QuestionRow
                    {
                        Id = FormattableString.Invariant($"t{seed}-{i}"),
                        Question = i % 2 == 0 ? "who repaired the clock?" : "the clock was by who?",
                        Context = context,
                        Answers = withoutAnswers || i % 4 == 3 ? [] : [Answer(context)],
                    };
                }),
        ];
    }

    /// <summary>As JSON lines.</summary>
    public static string Write(string path, IEnumerable<QuestionRow> rows)
    {
        File.WriteAllLines(
            path,
            rows.Select(row =>
                JsonSerializer.Serialize(
                    new
                    {
                        id = row.Id,
                        question = row.Question,
                        context = row.Context,
                        answers = new { text = row.Answers!.Select(a => a.Text), answer_start = row.Answers!.Select(a => a.Start) },
                    }
                )
            )
        );
        return path;
    }

    private static GoldAnswer Answer(string context)
    {
        var at = context.LastIndexOf("osei", StringComparison.Ordinal);
        return GoldAnswer.Of(context, new TextSpan(at, at + 4));
    }
}
