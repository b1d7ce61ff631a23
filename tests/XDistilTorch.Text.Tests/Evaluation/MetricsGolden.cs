using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Evaluation;

/// <summary>The files of goldens text/metrics; a test that needs an absent one is skipped.</summary>
internal static class MetricsGolden
{
    public const string Folder = "text/metrics";

    public static JsonElement Read(string name)
    {
        using var file = File.OpenRead(GoldenFolder.Require($"{Folder}/{name}"));
        using var document = JsonDocument.Parse(file);
        return document.RootElement.Clone();
    }

    public static EvaluationQuestion[] Questions(string name) =>
        [
            .. Read(name)
                .GetProperty("data")
                .EnumerateArray()
                .SelectMany(article => article.GetProperty("paragraphs").EnumerateArray())
                .SelectMany(paragraph => paragraph.GetProperty("qas").EnumerateArray())
                .Select(qa => new EvaluationQuestion(
                    qa.GetProperty("id").GetString()!,
                    [.. qa.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("text").GetString()!)]
                )),
        ];

    public static Dictionary<string, string> Predictions(string name) =>
        Read(name).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

    public static NoAnswerScore[] Scores(string name) =>
        [.. Read(name).EnumerateObject().Select(entry => new NoAnswerScore(entry.Name, entry.Value.GetDouble()))];

    public static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}
