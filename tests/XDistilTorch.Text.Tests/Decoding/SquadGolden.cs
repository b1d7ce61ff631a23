using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Decoding;

/// <summary>The reference's cases of the squad decoder, each option set with its examples (goldens, text/squad).</summary>
internal static class SquadGolden
{
    private const string Folder = "text/squad/cases.json";

    private static readonly Lazy<JsonElement[]> Cases = new(() =>
    {
        using var file = File.OpenRead(GoldenFolder.At(Folder));
        return [.. JsonDocument.Parse(file).RootElement.GetProperty("cases").EnumerateArray()];
    });

    /// <summary>One row for each example of each case; none when the set has no such part.</summary>
    public static IEnumerable<TheoryDataRow<string, int, int>> Examples()
    {
        if (!GoldenFolder.Has(Folder))
            yield break;
        for (var i = 0; i < Cases.Value.Length; i++)
        for (var j = 0; j < Cases.Value[i].GetProperty("examples").GetArrayLength(); j++)
            yield return new(Cases.Value[i].GetProperty("name").GetString()!, i, j);
    }

    /// <summary>Those the reference answers.</summary>
    public static IEnumerable<TheoryDataRow<string, int, int>> Answered() =>
        Examples().Where(row => Read(row.Data.Item2, row.Data.Item3) is { UpstreamFails: false, HasWindows: true });

    public static SquadGoldenExample Read(int index, int example) => new(Cases.Value[index], example);
}

/// <summary>One example and what the reference makes of it.</summary>
internal sealed class SquadGoldenExample(JsonElement golden, int index)
{
    private readonly JsonElement example = golden.GetProperty("examples")[index];

    public string Id => example.GetProperty("id").GetString()!;
    public string Question => example.GetProperty("question").GetString()!;
    public string Context => example.GetProperty("context").GetString()!;
    public bool UpstreamFails => golden.TryGetProperty("upstream_error", out _);
    public bool HasWindows => example.GetProperty("windows").GetArrayLength() > 0;
    public string Prediction => Expected("predictions").GetString()!;
    public JsonElement[] NBest => [.. Expected("nbest").EnumerateArray()];

    public float? NullOdds =>
        golden.GetProperty("expected").GetProperty("null_odds") is { ValueKind: JsonValueKind.Object } odds
            ? (float)odds.GetProperty(Id).GetDouble()
            : null;

    public SquadDecoderOptions Options
    {
        get
        {
            var options = golden.GetProperty("options");
            return new SquadDecoderOptions
            {
                NBestSize = options.GetProperty("n_best_size").GetInt32(),
                MaxAnswerLength = options.GetProperty("max_answer_length").GetInt32(),
                AllowNoAnswer = options.GetProperty("version_2_with_negative").GetBoolean(),
                NullThreshold = (float)options.GetProperty("null_score_diff_threshold").GetDouble(),
            };
        }
    }

    public DecoderWindow[] Windows()
    {
        var positions = new CodePointIndex(Context);
        return [.. example.GetProperty("windows").EnumerateArray().Select(window => Window(window, positions))];
    }

    private JsonElement Expected(string part) => golden.GetProperty("expected").GetProperty(part).GetProperty(Id);

    private static DecoderWindow Window(JsonElement window, CodePointIndex positions)
    {
        var offsets = window.GetProperty("offsets").EnumerateArray().Select(offset => Offset(offset, positions)).ToArray();
        return DecoderWindow.FromMapping(Logits(window, "start"), Logits(window, "end"), offsets, IsMaxContext(window, offsets.Length));
    }

    private static TextSpan? Offset(JsonElement offset, CodePointIndex positions) =>
        offset.ValueKind == JsonValueKind.Null ? null : positions.ToSpan(offset[0].GetInt32(), offset[1].GetInt32());

    private static float[] Logits(JsonElement window, string side) =>
        [.. window.GetProperty(side).EnumerateArray().Select(logit => (float)logit.GetDouble())];

    private static bool[] IsMaxContext(JsonElement window, int offsets)
    {
        if (!window.TryGetProperty("token_is_max_context", out var flags) || flags.ValueKind != JsonValueKind.Object)
            return [];
        var isMax = new bool[offsets]; // a token that is not named may not start an answer
        foreach (var flag in flags.EnumerateObject())
            if (int.Parse(flag.Name, System.Globalization.CultureInfo.InvariantCulture) is var token && token < offsets)
                isMax[token] = flag.Value.GetBoolean();
        return isMax;
    }
}
