using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Decoding;

/// <summary>The reference's cases of the pipeline decoder (goldens, text/pipeline).</summary>
internal static class PipelineGolden
{
    private const string CasesFile = "text/pipeline/cases.json";
    private const string RefusalsFile = "text/pipeline/refusals.json";

    private static readonly Lazy<JsonElement[]> Cases = new(() => Read(CasesFile, "cases"));
    private static readonly Lazy<JsonElement[]> Calls = new(() => Read(RefusalsFile, "calls"));

    /// <summary>One row for each question of each case; none when the set has no such part.</summary>
    public static IEnumerable<TheoryDataRow<string, int, int>> Items()
    {
        if (!GoldenFolder.Has(CasesFile))
            yield break;
        for (var i = 0; i < Cases.Value.Length; i++)
        for (var j = 0; j < Cases.Value[i].GetProperty("items").GetArrayLength(); j++)
            yield return new(Cases.Value[i].GetProperty("name").GetString()!, i, j);
    }

    /// <summary>One row for each call with texts that the reference cannot serve, or serves oddly; empty texts never become windows.</summary>
    public static IEnumerable<TheoryDataRow<string, int>> Refusals()
    {
        if (!GoldenFolder.Has(RefusalsFile))
            yield break;
        for (var i = 0; i < Calls.Value.Length; i++)
            if (HasText(Calls.Value[i], "question") && HasText(Calls.Value[i], "context"))
                yield return new(Calls.Value[i].GetProperty("name").GetString()!, i);
    }

    private static bool HasText(JsonElement call, string name) => !string.IsNullOrEmpty(call.GetProperty(name).GetString());

    public static PipelineGoldenItem Item(int index, int item) => new(Cases.Value[index], item);

    public static JsonElement Call(int index) => Calls.Value[index];

    /// <summary>The options as the reference reads them: what was not passed has its default.</summary>
    public static PipelineDecoderOptions Options(JsonElement options) =>
        new()
        {
            TopK = Int(options, "top_k") ?? 1,
            MaxAnswerLength = Int(options, "max_answer_len") ?? 15,
            AlignToWords = Bool(options, "align_to_words") ?? true,
            AllowNoAnswer = Bool(options, "handle_impossible_answer") ?? false,
        };

    public static int? Int(JsonElement options, string name) => options.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static bool? Bool(JsonElement options, string name) => options.TryGetProperty(name, out var value) ? value.GetBoolean() : null;

    private static JsonElement[] Read(string name, string list)
    {
        using var file = File.OpenRead(GoldenFolder.At(name));
        return [.. JsonDocument.Parse(file).RootElement.GetProperty(list).EnumerateArray()];
    }
}

/// <summary>One question and what the reference makes of it.</summary>
internal sealed class PipelineGoldenItem(JsonElement golden, int index)
{
    /// <summary>Scores that say nothing at the end of a list.</summary>
    public const double Leaked = 1e-30;

    private readonly JsonElement item = golden.GetProperty("items")[index];

    public string Question => item.GetProperty("question").GetString()!;
    public string Context => item.GetProperty("context").GetString()!;
    public PipelineDecoderOptions Options => PipelineGolden.Options(golden.GetProperty("options"));

    /// <summary>The list, ties resolved by the lowest index, without forbidden spans that leaked out at its end.</summary>
    public JsonElement[] Expected =>
        [
            .. (item.TryGetProperty("expected_lowest_index_first", out var resolved) ? resolved : item.GetProperty("expected"))
                .EnumerateArray()
                .Reverse()
                .SkipWhile(entry => entry.GetProperty("score").GetDouble() < Leaked)
                .Reverse(),
        ];

    public DecoderWindow[] Windows()
    {
        var positions = new CodePointIndex(Context);
        return [.. item.GetProperty("windows").EnumerateArray().Select(window => Window(window, positions))];
    }

    private static DecoderWindow Window(JsonElement window, CodePointIndex positions)
    {
        var sequence = window.GetProperty("sequence").EnumerateArray().Select(it => Int(it) ?? -1).ToArray();
        var isMasked = window.GetProperty("p_mask").EnumerateArray().Select(it => it.GetInt32() == 1).ToArray();
        var first = Array.IndexOf(sequence, 1);
        // Padded windows go on after the last offset.
        return new DecoderWindow(
            Logits(window, "start"),
            Logits(window, "end"),
            Offsets(window, sequence, positions),
            Math.Max(first, 0),
            Array.LastIndexOf(sequence, 1) + 1
        )
        {
            WordIds = window.GetProperty("words").EnumerateArray().Select(it => Int(it) ?? -1).ToArray(),
            SpelledClassTokens = [.. Enumerable.Range(1, sequence.Length - 1).Where(token => !isMasked[token] && sequence[token] != 1)],
        };
    }

    private static TextSpan[] Offsets(JsonElement window, int[] sequence, CodePointIndex positions) =>
        [
            .. window
                .GetProperty("offsets")
                .EnumerateArray()
                .Select(
                    (offset, token) =>
                        sequence[token] == 1
                            ? positions.ToSpan(offset[0].GetInt32(), offset[1].GetInt32())
                            : new TextSpan(offset[0].GetInt32(), offset[1].GetInt32())
                ),
        ];

    private static float[] Logits(JsonElement window, string side) =>
        [.. window.GetProperty(side).EnumerateArray().Select(logit => (float)logit.GetDouble())];

    private static int? Int(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt32();
}
