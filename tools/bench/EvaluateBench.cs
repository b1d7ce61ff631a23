using System.Text;
using System.Text.Json;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Reports;

namespace XDistilTorch.Bench;

/// <summary>What <c>xdistil evaluate --predictions</c> does for a data set as large as SQuAD 2.0's development set: milliseconds of each part.</summary>
internal static class EvaluateBench
{
    private const int Questions = 12_000;

    public static void Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("xdistil-bench-").FullName;
        var (data, records) = (Path.Combine(folder, "dev.json"), Path.Combine(folder, "answers.jsonl"));
        try
        {
            Write(data, records);
            var rows = DataCheck.Load(data, DataUse.Evaluate, out _);
            var predictions = PredictionSet.Read(records);
            var report = Evaluator.Evaluate(rows, predictions);
            var times = Interleaved.Run(
                rounds,
                () => DataCheck.Load(data, DataUse.Evaluate, out _),
                () => PredictionSet.Read(records),
                () => Evaluator.Evaluate(rows, predictions),
                () => EvaluationPage.Render(report, "dev.json")
            );
            Console.WriteLine($"evaluate, {Questions} answers | ms");
            string[] parts = ["reading the data", "reading answer records", "figures, 2 x 1000 resamples", "report page"];
            foreach (var (part, milliseconds) in parts.Zip(times))
                Console.WriteLine($"{part, -29} | {Interleaved.Show(milliseconds)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Contexts of 120 words with six questions each, half of them without answer.
    private static void Write(string data, string records)
    {
        var (json, lines) = (
            new StringBuilder("""{"version": "v2.0", "data": [{"title": "made up", "paragraphs": ["""),
            new StringBuilder()
        );
        for (var i = 0; i < Questions; i++)
        {
            var answer = $"hall number {i / 6} of the old town";
            if (i % 6 == 0)
            {
                var context =
                    $"The council meets in {answer}. "
                    + string.Concat(Enumerable.Repeat("It keeps the books of every mill on the river. ", 11));
                json.Append(i == 0 ? "" : "]},").Append($$"""{"context": {{JsonSerializer.Serialize(context)}}, "qas": [""");
            }
            var gold =
                i % 2 == 0 ? $$"""[{"text": "{{answer}}", "answer_start": 21}, {"text": "the {{answer}}", "answer_start": 21}]""" : "[]";
            json.Append(i % 6 == 0 ? "" : ",")
                .Append(
                    $$"""{"id": "question-{{i:x8}}", "question": "Where does the council meet, {{i}}?", "is_impossible": {{(i % 2 == 0 ? "false" : "true")}}, "answers": {{gold}}}"""
                );
            var predicted = i % 3 == 0 ? "" : answer;
            lines
                .Append(
                    $$"""{"id":"question-{{i:x8}}","question":"Where does the council meet, {{i}}?","answer":"{{predicted}}","score":7.5,"probability":{{(i % 997) / 997.0}},"null_score":{{(i % 991) / 100.0}},"decoder":"squad","answers":[{"text":"{{answer}}","score":{{i % 13}}.25,"probability":0.5,"start":21,"end":40,"window":0}]}"""
                )
                .Append('\n');
        }
        File.WriteAllText(data, json.Append("]}]}]}").ToString());
        File.WriteAllText(records, lines.ToString());
    }
}
