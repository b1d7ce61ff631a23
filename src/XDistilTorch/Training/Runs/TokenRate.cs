namespace XDistilTorch.Training.Runs;

/// <summary>Tokens a second over the last steps.</summary>
internal sealed class TokenRate
{
    private const int StepsLookedAt = 20;

    private readonly Queue<(long Tokens, TimeSpan Elapsed)> last = new();

    /// <returns>The rate with this step.</returns>
    public double Add(long tokens, TimeSpan elapsed)
    {
        last.Enqueue((tokens, elapsed));
        if (last.Count > StepsLookedAt)
            last.Dequeue();
        var seconds = last.Sum(step => step.Elapsed.TotalSeconds);
        return seconds > 0 ? last.Sum(step => step.Tokens) / seconds : 0;
    }
}
