using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Evaluation;

/// <summary>
/// The figures of the official SQuAD 2.0 script, percentages from 0 to 100; in JSON with its names in its order. Parts that it leaves out
/// are null and left out.
/// </summary>
public sealed record Squad2Figures
{
    /// <summary>Share of exact matches.</summary>
    [JsonPropertyName("exact")]
    public required double Exact { get; init; }

    /// <summary>Mean F1.</summary>
    [JsonPropertyName("f1")]
    public required double F1 { get; init; }

    /// <summary>How many questions.</summary>
    [JsonPropertyName("total")]
    public required int Total { get; init; }

    /// <summary>Share of exact matches among questions with an answer; null, as the next two, when there are none.</summary>
    [JsonPropertyName("HasAns_exact")]
    public double? HasAnsExact { get; init; }

    /// <summary>Mean F1 among questions with an answer.</summary>
    [JsonPropertyName("HasAns_f1")]
    public double? HasAnsF1 { get; init; }

    /// <summary>How many questions have an answer.</summary>
    [JsonPropertyName("HasAns_total")]
    public int? HasAnsTotal { get; init; }

    /// <summary>Share of questions without answer that were left unanswered; null, as the next two, when there are none.</summary>
    [JsonPropertyName("NoAns_exact")]
    public double? NoAnsExact { get; init; }

    /// <summary>The same as <see cref="NoAnsExact"/>: without gold answer F1 is 0 or 1.</summary>
    [JsonPropertyName("NoAns_f1")]
    public double? NoAnsF1 { get; init; }

    /// <summary>How many questions have no answer.</summary>
    [JsonPropertyName("NoAns_total")]
    public int? NoAnsTotal { get; init; }

    /// <summary>The share of exact matches under the best threshold; null, as what follows, without scores.</summary>
    [JsonPropertyName("best_exact")]
    public double? BestExact { get; init; }

    /// <summary>That threshold.</summary>
    [JsonPropertyName("best_exact_thresh")]
    public double? BestExactThreshold { get; init; }

    /// <summary>Mean F1 under the best threshold.</summary>
    [JsonPropertyName("best_f1")]
    public double? BestF1 { get; init; }

    /// <summary>That threshold.</summary>
    [JsonPropertyName("best_f1_thresh")]
    public double? BestF1Threshold { get; init; }

    /// <summary>Average precision when exact matches count as found; null, as the next two, when no question has an answer.</summary>
    [JsonPropertyName("pr_exact_ap")]
    public double? PrExactAp { get; init; }

    /// <summary>Average precision when F1 counts as found.</summary>
    [JsonPropertyName("pr_f1_ap")]
    public double? PrF1Ap { get; init; }

    /// <summary>Average precision of the scores alone, all answers taken as right.</summary>
    [JsonPropertyName("pr_oracle_ap")]
    public double? PrOracleAp { get; init; }

    /// <summary>The figures as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FiguresJsonContext.Default.Squad2Figures);
}
