using System.Text.Json;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary>Data files of texts that the small model spells.</summary>
internal static class PredictData
{
    public static string Write(string path, int rows, params string[] more)
    {
        var lines = Enumerable
            .Range(0, rows)
            .Select(i =>
            {
                var (question, context, _) = ModelFolder.Question(i);
                return JsonSerializer.Serialize(
                    new
                    {
                        id = $"q{i}",
                        question,
                        context,
                    }
                );
            });
        File.WriteAllLines(path, lines.Concat(more));
        return path;
    }
}
