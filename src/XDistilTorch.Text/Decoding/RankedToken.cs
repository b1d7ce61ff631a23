namespace XDistilTorch.Decoding;

/// <summary>A token and its start or end logit, ranked as the reference ranks them.</summary>
internal readonly record struct RankedToken(float Logit, int Token) : IComparable<RankedToken>
{
    // The reference sorts ascending and reverses, so of equal logits the LATER token wins (goldens/text/squad, "ties").
    public int CompareTo(RankedToken other)
    {
        var byLogit = other.Logit.CompareTo(Logit);
        return byLogit != 0 ? byLogit : other.Token.CompareTo(Token);
    }

    /// <summary>Ranks the tokens of one window; all of them, legal or not.</summary>
    public static ReadOnlySpan<RankedToken> Best(ReadOnlySpan<float> logits, BestOf<RankedToken> best)
    {
        best.Clear();
        for (var token = 0; token < logits.Length; token++)
            best.Add(new RankedToken(logits[token], token));
        return best.Ranked();
    }
}
