namespace XDistilTorch.Inspection.Attribution;

/// <summary>How much each token of a window speaks for a target, as one method sees it: positive for, negative against.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Target">What is explained.</param>
/// <param name="Values">One for each token of the window, S; special tokens included.</param>
/// <param name="TargetValue">The target's value, f(x).</param>
/// <param name="BaselineValue">Its value where the tokens say nothing, f(baseline); null for a method without one.</param>
public sealed record TokenAttribution(
    string Method,
    LogitTarget Target,
    IReadOnlyList<double> Values,
    double TargetValue,
    double? BaselineValue
)
{
    /// <summary>The sum over all tokens.</summary>
    public double Sum => Values.Sum();

    /// <summary>How far the sum is from f(x) - f(baseline), which it should be; null for a method that promises no such sum.</summary>
    public double? CompletenessError => Sum - (TargetValue - BaselineValue);

    /// <summary>The size of that error as a part of |f(x) - f(baseline)|; null also where that is 0.</summary>
    public double? RelativeCompletenessError =>
        BaselineValue is { } baseline && TargetValue != baseline ? Math.Abs(CompletenessError!.Value / (TargetValue - baseline)) : null;

    /// <summary>Some tokens, those that speak most for the target first; of equal ones the earlier.</summary>
    /// <param name="positions">Which.</param>
    public IReadOnlyList<int> Ranking(IEnumerable<int> positions) =>
        [.. positions.OrderByDescending(position => Values[position]).ThenBy(position => position)];
}
