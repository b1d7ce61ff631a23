using XDistilTorch.Evaluation;

namespace XDistilTorch.Decoding;

/// <summary>
/// From logits to answers whose probability means what it says: all spans of all windows compete in one list, a span that several windows see
/// counts once, and p is the chance that the returned answer, no answer included, is an exact match.
/// </summary>
/// <remarks>
/// p(span) = exp(score / temperature) over the sum of that for every legal span and null; or, where there is a
/// <see cref="CalibratedDecoderOptions.NullTemperature"/>, p(no answer) from the null odds and the rest shared by the spans. Works in double precision; equal scores are ranked by
/// document, start and end. Immutable; any number of threads may use one.
/// </remarks>
public sealed class CalibratedDecoder
{
    /// <summary>What this decoder is called in commands and answer records.</summary>
    public const string Name = "calibrated";

    /// <summary>Creates the decoder.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not above 0, the threshold not a number, or the length below 1.</exception>
    public CalibratedDecoder(CalibratedDecoderOptions? options = null)
    {
        Options = options ?? new CalibratedDecoderOptions();
        Options.Check();
    }

    /// <summary>The settings.</summary>
    public CalibratedDecoderOptions Options { get; }

    /// <summary>Decodes one question over one text.</summary>
    /// <param name="context">The very string whose offsets the windows carry.</param>
    /// <param name="windows">All windows, in order.</param>
    /// <param name="topK">How many spans to list, at least 1. Changes nothing else.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="topK"/> is below 1.</exception>
    /// <exception cref="ArgumentException">There is no window, or a token lies outside the context.</exception>
    /// <exception cref="DecodingException">A logit is NaN, infinite or too large to add up.</exception>
    public CalibratedDecoding Decode(string context, IReadOnlyList<DecoderWindow> windows, int topK = 1)
    {
        ArgumentNullException.ThrowIfNull(context);
        Check(new DocumentWindows(context, windows), "");
        return DecodeChecked([new DocumentWindows(context, windows)], topK);
    }

    /// <summary>Decodes one question over several texts, which compete. Spans are equal or overlap only within one of them.</summary>
    /// <param name="documents">The texts with their windows; at least one.</param>
    /// <inheritdoc cref="Decode(string, IReadOnlyList{DecoderWindow}, int)"/>
    /// <param name="topK"></param>
    public CalibratedDecoding Decode(IReadOnlyList<DocumentWindows> documents, int topK = 1)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (documents.Count == 0)
            throw new ArgumentException("there is no document to find the answer in; expected at least one.", nameof(documents));
        for (var i = 0; i < documents.Count; i++)
            Check(documents[i], $"document {i}, ");
        return DecodeChecked(documents, topK);
    }

    /// <summary>
    /// How the scores of one question over one text are spread, from which temperature and threshold are fitted. Depends on
    /// <see cref="CalibratedDecoderOptions.MaxAnswerLength"/> only; no answer takes part.
    /// </summary>
    /// <inheritdoc cref="Decode(string, IReadOnlyList{DecoderWindow}, int)"/>
    public AnswerDistribution Distribution(string context, IReadOnlyList<DecoderWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(context);
        var document = new DocumentWindows(context, windows);
        Check(document, "");
        using var table = new SpanTable(MostSpans(document));
        for (var window = 0; window < windows.Count; window++)
            table.Add(windows[window], window, Options.MaxAnswerLength);
        return AnswerDistribution.Of(context, table.Entries, NullScore([document]));
    }

    private static void Check(DocumentWindows document, string where)
    {
        LogitCheck.Check(document.Windows, where);
        PlaceCheck.Check(document.Context, document.Windows);
    }

    private CalibratedDecoding DecodeChecked(IReadOnlyList<DocumentWindows> documents, int topK)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        using var table = new SpanTable(documents.Max(MostSpans));
        var partition = new Partition(Options.Temperature);
        var nullScore = Options.AllowNoAnswer ? NullScore(documents) : (double?)null;
        var isOneOfAll = Options.NullTemperature is null;
        if (nullScore is { } score && isOneOfAll)
            partition.Add(score);
        var best = Rank(documents, topK, table, partition);
        var nullOdds = best.Count == 0 ? null : nullScore - best[0].Span.Score;
        if (nullScore is not null && !isOneOfAll)
            partition.Share = 1 - NullProbability(nullOdds);

        var spans = best.ConvertAll(it => Span(it.Document, it.Span, partition));
        var prediction = spans.Count == 0 || nullOdds > Options.NullThreshold ? null : spans[0];
        var text = prediction is null ? "" : prediction.Span.Of(documents[prediction.Document].Context);
        var spansProbability = SameText.Probability(
            AnswerNormalization.Normalize(text),
            documents,
            Options.MaxAnswerLength,
            partition,
            table
        );
        var nullProbability =
            prediction is not null ? 0
            : isOneOfAll || nullScore is null ? NullProbability(nullScore, partition)
            : NullProbability(nullOdds);
        return new CalibratedDecoding
        {
            Spans = spans,
            Prediction = prediction,
            Probability = Math.Min(spansProbability + nullProbability, 1), // rounding may bring the sum above
            NullScore = nullScore,
            NullOdds = nullOdds,
        };
    }

    private long MostSpans(DocumentWindows document)
    {
        var most = 0L;
        foreach (var window in document.Windows)
        {
            long tokens = window.ContextEnd - window.ContextStart;
            most += tokens * Math.Min(tokens, Options.MaxAnswerLength);
        }
        return most;
    }

    // Only within a document do spans overlap: its list does not depend on the others', and the whole list merges them.
    private List<(int Document, ScoredPlace Span)> Rank(
        IReadOnlyList<DocumentWindows> documents,
        int topK,
        SpanTable table,
        Partition partition
    )
    {
        List<(int Document, ScoredPlace Span)> best = [];
        for (var document = 0; document < documents.Count; document++)
        {
            table.Clear();
            var windows = documents[document].Windows;
            for (var window = 0; window < windows.Count; window++)
                table.Add(windows[window], window, Options.MaxAnswerLength);
            partition.Add(table.Entries);
            foreach (var span in RankedPlace.Greedy(table.Entries, topK))
                best.Add((document, span));
        }
        return [.. best.OrderByDescending(it => it.Span.Score).Take(topK)]; // stable: equal scores stay in the order of documents
    }

    private static double NullScore(IReadOnlyList<DocumentWindows> documents)
    {
        var lowest = double.PositiveInfinity;
        foreach (var document in documents)
        foreach (var window in document.Windows)
            lowest = Math.Min(lowest, (double)window.StartLogits.Span[0] + window.EndLogits.Span[0]);
        return lowest;
    }

    private double NullProbability(double? nullOdds) =>
        AnswerDistribution.NullProbability(nullOdds, Options.NullThreshold, Options.NullTemperature.GetValueOrDefault());

    // Not even null takes part where it is not allowed and there is no legal span: then nothing else can be returned.
    private static double NullProbability(double? nullScore, Partition partition) =>
        nullScore is { } score ? partition.Probability(score)
        : partition.IsEmpty ? 1
        : 0;

    private static CalibratedSpan Span(int document, in ScoredPlace span, Partition partition) =>
        new()
        {
            Document = document,
            Span = span.Place,
            Score = span.Score,
            Probability = partition.Probability(span.Score),
            Window = span.Window,
            StartToken = span.StartToken,
            EndToken = span.EndToken,
        };
}
