using System.Text.Json;

namespace XDistilTorch.Bench.Serving;

/// <summary>Request bodies of <c>/v1/answers</c>.</summary>
internal static class ServeRequests
{
    /// <summary>One for each row of a file, without its id, which the server would take among several questions only.</summary>
    public static string[] Of(string file) =>
        [
            .. File.ReadLines(file)
                .Select(row =>
                {
                    using var json = JsonDocument.Parse(row);
                    return JsonSerializer.Serialize(
                        new
                        {
                            question = json.RootElement.GetProperty("question").GetString(),
                            context = json.RootElement.GetProperty("context").GetString(),
                        }
                    );
                }),
        ];
}
