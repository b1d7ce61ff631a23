using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Evaluation;

/// <summary>The figures of the official SQuAD 1.1 script, percentages from 0 to 100; in JSON with its names.</summary>
public sealed record Squad1Figures
{
    /// <summary>Share of exact matches.</summary>
    [JsonPropertyName("exact_match")]
    public required double ExactMatch { get; init; }

    /// <summary>Mean F1.</summary>
    [JsonPropertyName("f1")]
    public required double F1 { get; init; }

    /// <summary>How many questions (not in the script's output).</summary>
    [JsonPropertyName("total")]
    public required int Total { get; init; }

    /// <summary>The figures as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FiguresJsonContext.Default.Squad1Figures);
}
