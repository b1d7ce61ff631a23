namespace XDistilTorch.Inspection.Attribution;

/// <summary>What each component of the model adds to a target directly, along the residual stream; together the target's value.</summary>
/// <param name="Target">What is explained.</param>
/// <param name="TargetValue">Its value, f.</param>
/// <param name="Embeddings">The embeddings' output at the target's own tokens.</param>
/// <param name="Heads">Each head, by layer and head; without the bias of <c>attention.output.dense</c>.</param>
/// <param name="Mlps">Each layer's MLP: the output of <c>output.dense</c>, its bias included.</param>
/// <param name="Biases">Those of <c>attention.output.dense</c>, of the layers' LayerNorms and of <c>qa_outputs</c>.</param>
/// <param name="PerToken">The terms but the biases by the token they come from, S: a head's by the tokens it attends to, the others by their own.</param>
public sealed record DirectTerms(
    LogitTarget Target,
    double TargetValue,
    double Embeddings,
    IReadOnlyList<IReadOnlyList<double>> Heads,
    IReadOnlyList<double> Mlps,
    double Biases,
    IReadOnlyList<double> PerToken
)
{
    /// <summary>The sum of all terms.</summary>
    public double Sum => All.Sum();

    /// <summary>The sum of their absolute values: what <see cref="Error"/> is to be measured by.</summary>
    public double AbsoluteSum => All.Sum(Math.Abs);

    /// <summary>How far their sum is from the target's value: rounding only.</summary>
    public double Error => Sum - TargetValue;

    private IEnumerable<double> All => Heads.SelectMany(layer => layer).Concat(Mlps).Append(Embeddings).Append(Biases);

    /// <summary>The terms by token. What remains without any token, the baseline's value, is the biases.</summary>
    public TokenAttribution ToTokens() => new(DirectAttribution.Name, Target, PerToken, TargetValue, Biases);
}
