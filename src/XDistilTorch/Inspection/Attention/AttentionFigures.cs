namespace XDistilTorch.Inspection;

/// <summary>The measures for one head, or their means over several.</summary>
public sealed record AttentionFigures
{
    /// <summary>What the span's queries pay to each group that has tokens; sums to 1.</summary>
    public required IReadOnlyDictionary<TokenGroup, float> GroupMass { get; init; }

    /// <summary>Where the span looks: for each token of the window the mean attention that the span's queries pay to it; sums to 1.</summary>
    public required IReadOnlyList<float> LooksAt { get; init; }

    /// <summary>Who looks at the span: for each token of the window the mass that it puts on the span, 0 to 1.</summary>
    public required IReadOnlyList<float> LookedAtBy { get; init; }

    /// <summary>
    /// What the span gets: for each token of the window the mean length, over the span's queries, of what the head hands over on its behalf, attention times
    /// projected value (<see cref="AttentionValueNorm"/>); in units of the hidden state.
    /// </summary>
    public required IReadOnlyList<float> ValueNorm { get; init; }

    /// <summary>The share of all attention that goes to [CLS] and both [SEP], 0 to 1.</summary>
    public required float SinkShare { get; init; }

    /// <summary>Mean entropy of the queries' attention, in nats.</summary>
    public required float Entropy { get; init; }

    /// <summary>Mean distance between a query and what it attends to, in tokens.</summary>
    public required float Distance { get; init; }
}

/// <summary>The measures for one head.</summary>
/// <param name="Head">Its number in the layer, from 0.</param>
/// <param name="Figures">The measures.</param>
public sealed record HeadAttention(int Head, AttentionFigures Figures);

/// <summary>The measures for one layer.</summary>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Mean">Each measure's mean over the heads listed.</param>
/// <param name="Heads">Each head.</param>
/// <param name="Rollout">
/// Attention followed down to the embeddings (<see cref="AttentionRollout"/>), over all heads of this layer and all before it, chosen or not: for each token of
/// the window how much of the span's positions comes from it, their mean; sums to 1.
/// </param>
public sealed record LayerAttention(int Layer, AttentionFigures Mean, IReadOnlyList<HeadAttention> Heads, IReadOnlyList<float> Rollout);
