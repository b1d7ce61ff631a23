using XDistilTorch.Inspection;

namespace XDistilTorch.Reports.Attention;

/// <summary>A window's tokens as a reader meets them: slices of the texts with what stands between them.</summary>
internal static class WindowTokens
{
    /// <summary>The texts; of tokens that share a place, as the parts of one character may, the later ones by their entry in the vocabulary.</summary>
    public static IReadOnlyList<string> Texts(InspectedWindow window) =>
        [.. Enumerable.Range(0, window.Length).Select(i => Html.Legal(SharesItsPlace(window, i) ? window.Pieces[i] : window.TextOf(i)))];

    /// <summary>What stands before each: 0 nothing, 1 space or a new line, 2 a blank line.</summary>
    public static IReadOnlyList<int> Gaps(InspectedWindow window) => [.. Enumerable.Range(0, window.Length).Select(i => Gap(window, i))];

    private static int Gap(InspectedWindow window, int position)
    {
        var tokens = window.Tokens;
        if (position == 0 || tokens.SequenceIds[position] < 0 || tokens.SequenceIds[position] != tokens.SequenceIds[position - 1])
            return 1;
        var text = tokens.SequenceIds[position] == 0 ? window.Question : window.Context;
        int from = tokens.Offsets[position - 1].End,
            to = tokens.Offsets[position].Start;
        if (to <= from)
            return 0;
        return text.AsSpan(from, to - from).Count('\n') > 1 ? 2 : 1; // texts are often broken at a width of their own
    }

    private static bool SharesItsPlace(InspectedWindow window, int position) =>
        position > 0
        && window.Tokens.SequenceIds[position] >= 0
        && window.Tokens.SequenceIds[position] == window.Tokens.SequenceIds[position - 1]
        && window.Tokens.Offsets[position].Start < window.Tokens.Offsets[position - 1].End;
}
