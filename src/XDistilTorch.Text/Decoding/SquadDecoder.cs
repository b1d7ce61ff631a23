namespace XDistilTorch.Decoding;

/// <summary>
/// From logits to answers as the post-processing of Hugging Face's run_qa (<c>postprocess_qa_predictions</c>) does it, in every detail
/// of order and rounding: the figures that papers and model cards compare are made with it.
/// </summary>
/// <remarks>Immutable; any number of threads may use one.</remarks>
public sealed class SquadDecoder
{
    /// <summary>What this decoder is called in commands and answer records.</summary>
    public const string Name = "squad";

    /// <summary>Creates the decoder.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the threshold not a number.</exception>
    public SquadDecoder(SquadDecoderOptions? options = null)
    {
        Options = options ?? new SquadDecoderOptions();
        Options.Check();
    }

    /// <summary>The settings.</summary>
    public SquadDecoderOptions Options { get; }

    /// <summary>Decodes one example.</summary>
    /// <param name="windows">All windows of the example, in order.</param>
    /// <exception cref="ArgumentException">There is no window.</exception>
    /// <exception cref="DecodingException">A logit is NaN, infinite or too large to add up.</exception>
    public SquadDecoding Decode(IReadOnlyList<DecoderWindow> windows)
    {
        LogitCheck.Check(windows);

        var entries = RankSpans(windows);
        var noAnswer = Options.AllowNoAnswer ? NullEntry(windows) : null;
        if (noAnswer is not null)
            InsertNoAnswer(entries, noAnswer);
        // The reference writes a word where it found nothing, so that each question has a prediction.
        if (entries.Count == 0 || (entries.Count == 1 && !entries[0].HasText))
            entries.Insert(0, new SquadEntry { Kind = SquadEntryKind.Empty });

        var list = Softmax.Over(entries);
        return noAnswer is null
            ? new SquadDecoding
            {
                NBest = list,
                Prediction = list[0],
                NullScore = null,
                NullOdds = null,
            }
            : Choose(list, noAnswer.Score);
    }

    private List<SquadEntry> RankSpans(IReadOnlyList<DecoderWindow> windows)
    {
        var starts = new BestOf<RankedToken>(Options.NBestSize);
        var ends = new BestOf<RankedToken>(Options.NBestSize);
        var spans = new BestOf<SpanCandidate>(Options.NBestSize);
        for (var window = 0; window < windows.Count; window++)
        {
            // Ranked before illegal positions are dropped, so that a high logit on a question token can push a legal one out.
            var rankedStarts = RankedToken.Best(windows[window].StartLogits.Span, starts);
            var rankedEnds = RankedToken.Best(windows[window].EndLogits.Span, ends);
            AddSpans(windows[window], window, rankedStarts, rankedEnds, spans);
        }

        var entries = new List<SquadEntry>(Math.Min(Options.NBestSize, 64) + 1);
        foreach (var span in spans.Ranked())
            entries.Add(SpanEntry(span, windows[span.Window]));
        return entries;
    }

    private void AddSpans(
        DecoderWindow window,
        int index,
        ReadOnlySpan<RankedToken> starts,
        ReadOnlySpan<RankedToken> ends,
        BestOf<SpanCandidate> spans
    )
    {
        var rank = 0L;
        foreach (var start in starts)
        {
            if (!window.MayStart(start.Token))
                continue;
            foreach (var end in ends)
            {
                var span = new SpanCandidate(index, start, end, rank++);
                // Ends come best first and float32 addition keeps their order: none of the rest gets in either.
                if (spans.IsTurnedAway(span))
                    break;
                if (window.MayEnd(end.Token) && end.Token >= start.Token && end.Token - start.Token < Options.MaxAnswerLength)
                    spans.Add(span);
            }
        }
    }

    private static SquadEntry SpanEntry(in SpanCandidate span, DecoderWindow window) =>
        new()
        {
            Kind = SquadEntryKind.Span,
            Span = window.Place(span.Start.Token, span.End.Token),
            StartLogit = span.Start.Logit,
            EndLogit = span.End.Logit,
            Score = span.Score,
            Window = span.Window,
            StartToken = span.Start.Token,
            EndToken = span.End.Token,
        };

    private static SquadEntry NullEntry(IReadOnlyList<DecoderWindow> windows)
    {
        var lowest = 0;
        for (var window = 1; window < windows.Count; window++)
            if (NullScore(windows[window]) < NullScore(windows[lowest])) // strictly: the first of equals stays
                lowest = window;
        return new SquadEntry
        {
            Kind = SquadEntryKind.NoAnswer,
            StartLogit = windows[lowest].StartLogits.Span[0],
            EndLogit = windows[lowest].EndLogits.Span[0],
            Score = NullScore(windows[lowest]),
            Window = lowest,
            StartToken = 0,
            EndToken = 0,
        };
    }

    private static float NullScore(DecoderWindow window) => window.StartLogits.Span[0] + window.EndLogits.Span[0];

    private void InsertNoAnswer(List<SquadEntry> entries, SquadEntry noAnswer)
    {
        // The reference adds null last and sorts stably, so it stands after every span of an equal score.
        var place = 0;
        while (place < entries.Count && entries[place].Score >= noAnswer.Score)
            place++;
        entries.Insert(place, noAnswer);
        if (entries.Count <= Options.NBestSize)
            return;

        entries.RemoveAt(Options.NBestSize);
        // It knows null by its place (0, 0), which a token without width at the very start has too.
        if (!entries.Exists(entry => (entry.Span ?? default) == default))
            entries.Add(noAnswer);
    }

    private SquadDecoding Choose(IReadOnlyList<SquadEntry> list, float nullScore)
    {
        var best = list.FirstOrDefault(entry => entry.HasText || entry.Kind == SquadEntryKind.Empty);
        // In float32 and in this order: a threshold at the exact value decides otherwise in double (goldens/text/squad, "odds-at-threshold").
        var odds = best is null ? (float?)null : nullScore - best.StartLogit - best.EndLogit;
        return new SquadDecoding
        {
            NBest = list,
            Prediction = odds > Options.NullThreshold ? null : best,
            NullScore = nullScore,
            NullOdds = odds,
        };
    }
}
