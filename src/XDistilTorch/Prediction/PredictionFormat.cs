using System.Text.Json.Serialization;

namespace XDistilTorch.Prediction;

/// <summary>How predictions are written.</summary>
public enum PredictionFormat
{
    /// <summary>One answer record a line.</summary>
    [JsonStringEnumMemberName("jsonl")]
    Jsonl,

    /// <summary>The prediction file of SQuAD with its n-best lists and null odds beside it.</summary>
    [JsonStringEnumMemberName("squad")]
    Squad,
}
