namespace XDistilTorch.Windows;

/// <summary>How a row of tokens that does not fit into one window is cut, as the fast tokenizers cut it.</summary>
internal static class OverlappingParts
{
    /// <summary>Parts of at most <paramref name="room"/> tokens, neighbours sharing <paramref name="stride"/>; at least one, the last may bring a single new token.</summary>
    /// <param name="length">How many tokens there are.</param>
    /// <param name="room">How many a window has room for; more than <paramref name="stride"/>, else this would not end.</param>
    /// <param name="stride">How many neighbouring windows share.</param>
    public static IEnumerable<TextSpan> Of(int length, int room, int stride)
    {
        for (var start = 0; start == 0 || start + stride < length; start += room - stride)
            yield return new TextSpan(start, Math.Min(start + room, length));
    }

    /// <summary>How many parts <see cref="Of"/> gives.</summary>
    public static int Count(int length, int room, int stride) => Math.Max(1, (length - stride + room - stride - 1) / (room - stride));
}
