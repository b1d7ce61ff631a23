namespace XDistilTorch.Decoding;

/// <summary>
/// Every pair of tokens of a window that may be an answer: start &lt;= end, both of the context, at most so many tokens. By start, then by end.
/// </summary>
internal ref struct LegalSpans(DecoderWindow window, int maxAnswerLength)
{
    private readonly ReadOnlySpan<TextSpan> offsets = window.Offsets.Span;
    private readonly ReadOnlySpan<float> startLogits = window.StartLogits.Span;
    private readonly ReadOnlySpan<float> endLogits = window.EndLogits.Span;
    private readonly bool isGapless = window.IsGapless;
    private int lastEnd = -1;

    public int Start { get; private set; } = window.ContextStart - 1;

    public int End { get; private set; } = -1;

    /// <summary>The place in the context; may have no width.</summary>
    public readonly TextSpan Place => new(offsets[Start].Start, offsets[End].End);

    /// <summary>Added in double, where the sum of two float32 of like size is exact.</summary>
    public readonly double Score => (double)startLogits[Start] + endLogits[End];

    public bool MoveNext()
    {
        while (true)
        {
            while (++End <= lastEnd)
                if (isGapless || window.MayEnd(End))
                    return true;
            if (!NextStart())
                return false;
        }
    }

    private bool NextStart()
    {
        while (++Start < window.ContextEnd)
        {
            if (!window.MayStart(Start))
                continue;
            End = Start - 1;
            lastEnd = (int)Math.Min((long)Start + maxAnswerLength, window.ContextEnd) - 1;
            return true;
        }
        return false;
    }
}
