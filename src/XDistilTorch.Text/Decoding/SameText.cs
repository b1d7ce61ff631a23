using XDistilTorch.Evaluation;

namespace XDistilTorch.Decoding;

/// <summary>The legal spans whose normalised text is a given one, added up.</summary>
internal static class SameText
{
    /// <summary>p over every such span of all windows of all documents, each span once.</summary>
    public static double Probability(
        string normalized,
        IReadOnlyList<DocumentWindows> documents,
        int maxAnswerLength,
        Partition partition,
        SpanTable table
    )
    {
        var probability = 0d;
        foreach (var document in documents)
        {
            table.Clear();
            Collect(TextFingerprint.Of(normalized), document, maxAnswerLength, table);
            // A few: the rest have other fingerprints.
            foreach (ref readonly var span in table.Entries)
                if (Normalize(span.Place, document.Context) == normalized)
                    probability += partition.Probability(span.Score);
        }
        return probability;
    }

    private static void Collect(ulong fingerprint, DocumentWindows document, int maxAnswerLength, SpanTable table)
    {
        using var fingerprints = new TextFingerprint(document.Context, LastPlace(document.Windows));
        for (var window = 0; window < document.Windows.Count; window++)
        {
            var spans = new LegalSpans(document.Windows[window], maxAnswerLength);
            while (spans.MoveNext())
                if (fingerprints[spans.Place] == fingerprint)
                    table.Add(new ScoredPlace(spans.Place, spans.Score, window, spans.Start, spans.End));
        }
    }

    private static int LastPlace(IReadOnlyList<DecoderWindow> windows)
    {
        var last = 0;
        foreach (var window in windows)
        foreach (var place in window.Offsets.Span[window.ContextStart..window.ContextEnd])
            last = Math.Max(last, Math.Max(place.Start, place.End));
        return last;
    }

    /// <summary>The normalised text of a place; "" for one without width.</summary>
    public static string Normalize(TextSpan place, string context) =>
        place.Length > 0 ? AnswerNormalization.Normalize(place.Of(context)) : "";
}
