namespace XDistilTorch.Training;

/// <summary>How much a batch holds, whatever pieces it is computed in: what means over windows, tokens or pairs of tokens divide by.</summary>
/// <param name="Windows">How many windows.</param>
/// <param name="Tokens">How many tokens, without padding.</param>
/// <param name="Pairs">How many pairs of tokens of the same window, as queries and keys are.</param>
public readonly record struct BatchSize(long Windows, long Tokens, long Pairs)
{
    /// <summary>That of some windows.</summary>
    public static BatchSize Of(IEnumerable<TrainingWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var (count, tokens, pairs) = (0L, 0L, 0L);
        foreach (var window in windows)
            (count, tokens, pairs) = (count + 1, tokens + window.Length, pairs + ((long)window.Length * window.Length));
        return new BatchSize(count, tokens, pairs);
    }
}
