namespace XDistilTorch.Inspection.Attribution;

/// <summary>How far two methods agree on which tokens of the context speak for the target.</summary>
/// <param name="First">One method.</param>
/// <param name="Second">The other.</param>
/// <param name="Spearman">Rank correlation over the tokens, -1 to 1; null where a method tells none of them from the others.</param>
/// <param name="TopOverlap">The part of the tokens that one method puts at the top which the other puts there too, 0 to 1.</param>
public sealed record AttributionAgreement(string First, string Second, double? Spearman, double TopOverlap)
{
    /// <summary>What agreement can and cannot show.</summary>
    public const string Shows = "methods that disagree cannot all be right; methods that agree may still be wrong together.";

    /// <summary>Two methods compared.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other, over the same window.</param>
    /// <param name="positions">The tokens that count, usually the context's.</param>
    /// <param name="top">How many are the top; where there are fewer tokens, all.</param>
    /// <exception cref="InspectionException">The two are of windows of different lengths.</exception>
    public static AttributionAgreement Of(TokenAttribution first, TokenAttribution second, IReadOnlyList<int> positions, int top = 10)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentOutOfRangeException.ThrowIfZero(positions.Count, nameof(positions));
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (first.Values.Count != second.Values.Count)
            throw new InspectionException(
                $"{first.Method} has {first.Values.Count} tokens, {second.Method} {second.Values.Count}; expected two attributions of one window."
            );
        var count = Math.Min(top, positions.Count);
        var shared = first.Ranking(positions).Take(count).Intersect(second.Ranking(positions).Take(count)).Count();
        return new AttributionAgreement(
            first.Method,
            second.Method,
            RankCorrelation.Spearman([.. positions.Select(i => first.Values[i])], [.. positions.Select(i => second.Values[i])]),
            (double)shared / count
        );
    }

    /// <summary>Every pair of several methods.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<AttributionAgreement> OfAll(
        IReadOnlyList<TokenAttribution> attributions,
        IReadOnlyList<int> positions,
        int top = 10
    )
    {
        ArgumentNullException.ThrowIfNull(attributions);
        return [.. attributions.SelectMany((first, i) => attributions.Skip(i + 1).Select(second => Of(first, second, positions, top)))];
    }
}
