namespace XDistilTorch.Decoding;

/// <summary>A span of one of several documents, ranked: higher scores first, then earlier documents, earlier starts, shorter spans.</summary>
internal readonly record struct RankedPlace(int Document, ScoredPlace Scored) : IComparable<RankedPlace>
{
    public int CompareTo(RankedPlace other)
    {
        var byScore = other.Scored.Score.CompareTo(Scored.Score);
        if (byScore != 0)
            return byScore;
        var byDocument = Document.CompareTo(other.Document);
        if (byDocument != 0)
            return byDocument;
        var byStart = Scored.Place.Start.CompareTo(other.Scored.Place.Start);
        return byStart != 0 ? byStart : Scored.Place.End.CompareTo(other.Scored.Place.End);
    }

    /// <summary>The best spans of one document that have a text and overlap none that is better.</summary>
    public static List<RankedPlace> Greedy(ReadOnlySpan<ScoredPlace> spans, int document, int wanted)
    {
        // Most of the best overlap the best. How many must be ranked to find enough is not known before, so ever more are, rarely more than once.
        for (var ranked = wanted == 1 ? 1 : 100L * wanted; ; ranked *= 10)
        {
            var chosen = Choose(Best(spans, document, (int)Math.Min(ranked, int.MaxValue)), wanted);
            if (chosen.Count == wanted || ranked >= spans.Length)
                return chosen;
        }
    }

    private static ReadOnlySpan<RankedPlace> Best(ReadOnlySpan<ScoredPlace> spans, int document, int count)
    {
        var best = new BestOf<RankedPlace>(count);
        foreach (ref readonly var span in spans)
            if (span.Place.Length > 0)
                best.Add(new RankedPlace(document, span));
        return best.Ranked();
    }

    private static List<RankedPlace> Choose(ReadOnlySpan<RankedPlace> ranked, int wanted)
    {
        var taken = new DisjointSpans();
        var chosen = new List<RankedPlace>(Math.Min(wanted, 64));
        foreach (ref readonly var span in ranked)
            if (chosen.Count < wanted && taken.TryAdd(span.Scored.Place))
                chosen.Add(span);
        return chosen;
    }
}
