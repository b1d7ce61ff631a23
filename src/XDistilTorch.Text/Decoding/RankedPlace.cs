namespace XDistilTorch.Decoding;

/// <summary>An entry of a <see cref="SpanTable"/>, ranked: higher scores first, then earlier starts, then shorter spans.</summary>
internal readonly record struct RankedPlace(double Score, TextSpan Place, int Entry) : IComparable<RankedPlace>
{
    public int CompareTo(RankedPlace other)
    {
        if (Score != other.Score)
            return Score > other.Score ? -1 : 1;
        var byStart = Place.Start.CompareTo(other.Place.Start);
        return byStart != 0 ? byStart : Place.End.CompareTo(other.Place.End);
    }

    /// <summary>The best of the different spans of a context that have a text and overlap none that is better.</summary>
    public static List<ScoredPlace> Greedy(ReadOnlySpan<ScoredPlace> spans, int wanted)
    {
        // Most of the best overlap the best. How many must be ranked to find enough is not known before, so ever more are, rarely more than once.
        for (var ranked = wanted == 1 ? 1 : 64L * wanted; ; ranked *= 8)
        {
            var chosen = Choose(spans, Best(spans, (int)Math.Min(ranked, int.MaxValue)), wanted);
            if (chosen.Count == wanted || ranked >= spans.Length)
                return chosen;
        }
    }

    private static ReadOnlySpan<RankedPlace> Best(ReadOnlySpan<ScoredPlace> spans, int count)
    {
        var best = new BestOf<RankedPlace>(count);
        for (var i = 0; i < spans.Length; i++)
            if (spans[i].Place.Length > 0)
                best.Add(new RankedPlace(spans[i].Score, spans[i].Place, i));
        return best.Ranked();
    }

    private static List<ScoredPlace> Choose(ReadOnlySpan<ScoredPlace> spans, ReadOnlySpan<RankedPlace> ranked, int wanted)
    {
        var taken = new DisjointSpans();
        var chosen = new List<ScoredPlace>(Math.Min(wanted, 64));
        foreach (ref readonly var best in ranked)
            if (taken.TryAdd(best.Place))
            {
                chosen.Add(spans[best.Entry]);
                if (chosen.Count == wanted)
                    break;
            }
        return chosen;
    }
}
