namespace XDistilTorch.Decoding;

/// <summary>
/// From logits to answers as the <c>QuestionAnsweringPipeline</c> of Hugging Face transformers 5.2 does it, for those who compare with it.
/// </summary>
/// <remarks>
/// Its weaknesses are kept: scores of overlapping windows add up (beyond 1), equal texts at two places become one, and a window's scores say
/// nothing beside another window's. Immutable; any number of threads may use one.
/// </remarks>
public sealed class PipelineDecoder
{
    /// <summary>What this decoder is called in commands and answer records.</summary>
    public const string Name = "pipeline";

    // The reference does not exclude a position, it gives it this logit: where all others are lower still, the excluded win.
    private const float Forbidden = -10000;

    /// <summary>Creates the decoder.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public PipelineDecoder(PipelineDecoderOptions? options = null)
    {
        Options = options ?? new PipelineDecoderOptions();
        Options.Check();
    }

    /// <summary>The settings.</summary>
    public PipelineDecoderOptions Options { get; }

    /// <summary>Decodes one example.</summary>
    /// <param name="context">The very string whose offsets the windows carry.</param>
    /// <param name="windows">All windows of the example, in order; max-context flags are not looked at.</param>
    /// <exception cref="ArgumentException">There is no window, or a token lies outside the context.</exception>
    /// <exception cref="DecodingException">A logit is NaN, infinite or too large to add up.</exception>
    public PipelineDecoding Decode(string context, IReadOnlyList<DecoderWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(context);
        LogitCheck.Check(windows);
        PlaceCheck.Check(context, windows);

        var answers = new PipelineAnswers(context);
        var best = new BestOf<PipelineSpan>((int)Math.Min(Options.SpansPerWindow, int.MaxValue));
        double? nullScore = null;
        for (var window = 0; window < windows.Count; window++)
        {
            var (starts, ends) = Probabilities(windows[window]);
            if (Options.AllowNoAnswer)
                nullScore = Math.Min(nullScore ?? double.PositiveInfinity, starts[0] * ends[0]);
            starts[0] = ends[0] = 0; // no renormalising, as in the reference
            AddAnswers(windows[window], window, Rank(starts, ends, best), answers);
        }
        return new PipelineDecoding { Entries = answers.Best(Options.TopK, nullScore), NullScore = nullScore };
    }

    private static (double[] Starts, double[] Ends) Probabilities(DecoderWindow window)
    {
        var isAllowed = new bool[window.StartLogits.Length];
        for (var token = 0; token < isAllowed.Length; token++)
            isAllowed[token] = IsAllowed(window, token);
        return (Softmax(window.StartLogits.Span, isAllowed), Softmax(window.EndLogits.Span, isAllowed));
    }

    private static bool IsAllowed(DecoderWindow window, int token) =>
        token == 0 || window.IsContext(token) || (window.SpelledClassTokens.Count > 0 && window.SpelledClassTokens.Contains(token));

    private static double[] Softmax(ReadOnlySpan<float> logits, bool[] isAllowed)
    {
        var probabilities = new double[logits.Length];
        var largest = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
            largest = Math.Max(largest, isAllowed[i] ? logits[i] : Forbidden);

        var total = 0d;
        for (var i = 0; i < logits.Length; i++)
            total += probabilities[i] = Math.Exp((double)(isAllowed[i] ? logits[i] : Forbidden) - largest);
        for (var i = 0; i < logits.Length; i++)
            probabilities[i] /= total;
        return probabilities;
    }

    private ReadOnlySpan<PipelineSpan> Rank(double[] starts, double[] ends, BestOf<PipelineSpan> best)
    {
        best.Clear();
        for (var start = 0; start < starts.Length; start++)
        {
            if (starts[start] == 0)
                continue;
            var last = (int)Math.Min((long)start + Options.MaxAnswerLength, ends.Length) - 1;
            for (var end = start; end <= last; end++)
            {
                var span = new PipelineSpan(starts[start] * ends[end], start, end);
                if ((float)span.Score > 0) // what underflows in float32 is no span to the reference either
                    best.Add(span);
            }
        }
        return best.Ranked();
    }

    private void AddAnswers(DecoderWindow window, int index, ReadOnlySpan<PipelineSpan> ranked, PipelineAnswers answers)
    {
        foreach (var span in ranked)
            // Forbidden positions are dropped only here: where they are among the best, fewer remain.
            if (IsAllowed(window, span.Start) && IsAllowed(window, span.End))
                answers.Add(Place(window, span), span.Score, index);
    }

    private TextSpan Place(DecoderWindow window, in PipelineSpan span)
    {
        var plain = window.Place(span.Start, span.End);
        if (!Options.AlignToWords || window.WordIds.IsEmpty)
            return plain;

        // A word cut by the window's border counts as far as it is inside. The word of a [CLS] that the question spells out is looked up in
        // the context all the same.
        var words = window.WordIds.Span;
        var context = words[window.ContextStart..window.ContextEnd];
        var first = context.IndexOf(words[span.Start]);
        var last = context.LastIndexOf(words[span.End]);
        return first < 0 || last < 0 ? plain : window.Place(window.ContextStart + first, window.ContextStart + last);
    }
}
