namespace XDistilTorch.Decoding;

/// <summary>Spans with width that do not overlap, in the order of the text.</summary>
internal sealed class DisjointSpans
{
    private readonly List<TextSpan> spans = [];

    /// <summary>Adds a span unless it overlaps one that is there.</summary>
    public bool TryAdd(TextSpan span)
    {
        // The first that ends after the span's start; ends rise with starts, since none overlap.
        var (low, high) = (0, spans.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (spans[middle].End > span.Start)
                high = middle;
            else
                low = middle + 1;
        }
        if (low < spans.Count && spans[low].Start < span.End)
            return false;
        spans.Insert(low, span);
        return true;
    }
}
