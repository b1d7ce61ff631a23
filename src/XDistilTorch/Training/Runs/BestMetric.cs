using System.Text.Json.Serialization;

namespace XDistilTorch.Training.Runs;

/// <summary>By which figure of an evaluation a model is better than another.</summary>
public enum BestMetric
{
    /// <summary>The higher F1.</summary>
    [JsonStringEnumMemberName("f1")]
    F1,

    /// <summary>The lower loss.</summary>
    [JsonStringEnumMemberName("loss")]
    Loss,
}
