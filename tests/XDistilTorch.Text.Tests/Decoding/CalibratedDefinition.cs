using XDistilTorch.Evaluation;

namespace XDistilTorch.Decoding;

/// <summary>The definition of the calibrated decoder, written down as it reads: every pair of tokens, no care for time or memory.</summary>
internal sealed class CalibratedDefinition
{
    public sealed record Entry(int Document, TextSpan Span, double Score, string Text);

    private readonly double temperature;
    private readonly double total;

    public CalibratedDefinition(IReadOnlyList<DocumentWindows> documents, CalibratedDecoderOptions options)
    {
        temperature = options.Temperature;
        Spans =
        [
            .. from document in Enumerable.Range(0, documents.Count)
            from window in documents[document].Windows
            from start in Enumerable.Range(0, window.Offsets.Length)
            from end in Enumerable.Range(0, window.Offsets.Length)
            where start <= end && end - start < options.MaxAnswerLength
            where start >= window.ContextStart && end < window.ContextEnd
            let span = new TextSpan(window.Offsets.Span[start].Start, window.Offsets.Span[end].End)
            group (double)window.StartLogits.Span[start] + window.EndLogits.Span[end] by (document, span) into same
            select new Entry(same.Key.document, same.Key.span, same.Max(), same.Key.span.Of(documents[same.Key.document].Context)),
        ];
        if (options.AllowNoAnswer)
            NullScore = documents.SelectMany(it => it.Windows).Min(it => (double)it.StartLogits.Span[0] + it.EndLogits.Span[0]);
        total = Spans.Sum(span => Weight(span.Score)) + (NullScore is { } score ? Weight(score) : 0);
        Ranked =
        [
            .. Spans
                .Where(span => span.Span.Length > 0)
                .OrderByDescending(span => span.Score)
                .ThenBy(span => span.Document)
                .ThenBy(span => span.Span.Start)
                .ThenBy(span => span.Span.End),
        ];
        Answer = NullScore - Ranked[0].Score > options.NullThreshold ? null : Ranked[0];
    }

    public Entry[] Spans { get; }
    public Entry[] Ranked { get; }
    public Entry? Answer { get; }
    public double? NullScore { get; }

    public double Probability
    {
        get
        {
            var normalized = AnswerNormalization.Normalize(Answer?.Text ?? "");
            return Spans.Where(span => AnswerNormalization.Normalize(span.Text) == normalized).Sum(span => P(span.Score))
                + (Answer is null && NullScore is { } score ? P(score) : 0);
        }
    }

    public double P(double score) => Weight(score) / total;

    public List<Entry> List(int k)
    {
        List<Entry> list = [];
        foreach (var span in Ranked)
            if (list.Count < k && !list.Exists(it => it.Document == span.Document && it.Span.Overlaps(span.Span)))
                list.Add(span);
        return list;
    }

    private double Weight(double score) => Math.Exp(score / temperature);
}
