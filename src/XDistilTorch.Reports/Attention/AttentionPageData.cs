using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Reports.Attention;

/// <summary>What the page's script reads before it unpacks any head.</summary>
internal sealed record AttentionPageData(ScaleData Scale, IReadOnlyList<WindowData> Windows, int Open)
{
    /// <summary>JSON in which &lt;, &gt; and &amp; are escaped: it stands in a page.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AttentionPageJson.Default.AttentionPageData);
}

/// <summary>How levels are read; see <see cref="AttentionScale"/>.</summary>
internal sealed record ScaleData(int Octaves, int Steps, byte Exact, int ExactInRow)
{
    public static ScaleData Current { get; } =
        new(AttentionScale.Octaves, AttentionScale.Steps, AttentionScale.Exact, PackedHead.ExactInRow);
}

/// <summary>One window.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Place">What it covers, for people.</param>
/// <param name="Tokens">As they stand in question and text.</param>
/// <param name="Gaps">What stands before each token: 0 nothing, 1 space, 2 a blank line.</param>
/// <param name="Groups">Each token's group.</param>
/// <param name="Target">First and last token of what is looked at.</param>
/// <param name="Heads">In the order in which their packed texts stand in the page.</param>
/// <param name="Open">The number in <paramref name="Heads"/> of the one to show first.</param>
internal sealed record WindowData(
    int Number,
    string Place,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<int> Gaps,
    IReadOnlyList<string> Groups,
    int[] Target,
    IReadOnlyList<HeadData> Heads,
    int Open
);

/// <summary>One head, with figures from the exact numbers.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="Head">From 0.</param>
/// <param name="OnQuestion">What the target's tokens pay to the question, 0 to 1.</param>
/// <param name="Sinks">What all tokens pay to [CLS] and [SEP], 0 to 1.</param>
internal sealed record HeadData(int Layer, int Head, double OnQuestion, double Sinks);

[JsonSerializable(typeof(AttentionPageData))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AttentionPageJson : JsonSerializerContext;
