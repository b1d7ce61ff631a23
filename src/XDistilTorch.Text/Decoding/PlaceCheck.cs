namespace XDistilTorch.Decoding;

/// <summary>The door of the decoders that look at the text: past it every token of the context lies within it.</summary>
internal static class PlaceCheck
{
    /// <exception cref="ArgumentException">A token lies outside the context: the windows are those of another text.</exception>
    public static void Check(string context, IReadOnlyList<DecoderWindow> windows)
    {
        foreach (var window in windows)
        foreach (var place in window.Offsets.Span[window.ContextStart..window.ContextEnd])
            if ((uint)place.Start > (uint)context.Length || (uint)place.End > (uint)context.Length)
                throw new ArgumentException(
                    $"a token stands at {place.Start}..{place.End}, not within the context of {context.Length} UTF-16 units; expected windows of this very text."
                );
    }
}
