using XDistilTorch.Inspection;

namespace XDistilTorch.Reports.Attention;

/// <summary>A window of the page: what the script reads at once, and a packed text for each head, in the same order.</summary>
internal sealed record PackedWindow(WindowData Data, IReadOnlyList<PackedHead> Heads)
{
    /// <summary>How many characters of the page the heads take.</summary>
    public long Characters => Heads.Sum(head => (long)head.Text.Length);

    /// <summary>Packs a window.</summary>
    /// <param name="target">The window and what is looked at in it.</param>
    /// <param name="heads">Layer and head of each map, in the order of the page.</param>
    /// <param name="matrix">The attention of a layer's head, S * S, the key running fastest.</param>
    /// <exception cref="ReportException">A map holds something that is no attention.</exception>
    public static PackedWindow Of(InspectedTarget target, IReadOnlyList<(int Layer, int Head)> heads, Func<int, int, float[]> matrix)
    {
        var window = target.Window;
        IReadOnlyList<TokenGroup> groups = window.Groups(target.Span);
        var packed = new (PackedHead Head, HeadData Data)[heads.Count];
        for (var i = 0; i < heads.Count; i++)
        {
            var numbers = matrix(heads[i].Layer, heads[i].Head);
            packed[i] = (Packed(numbers, window, heads[i]), Figures(numbers, heads[i], target.Tokens, groups));
        }
        var data = new WindowData(
            window.Tokens.Index,
            FormattableString.Invariant($"characters {Place(window).Start:N0} to {Place(window).End:N0}"),
            WindowTokens.Texts(window),
            WindowTokens.Gaps(window),
            [.. groups.Select(group => group.ToString().ToLowerInvariant())],
            [target.Tokens.First, target.Tokens.Last],
            [.. packed.Select(each => each.Data)],
            Open: packed.Index().MaxBy(each => each.Item.Data.OnQuestion).Index
        );
        return new PackedWindow(data, [.. packed.Select(each => each.Head)]);
    }

    private static PackedHead Packed(float[] numbers, InspectedWindow window, (int Layer, int Head) place)
    {
        try
        {
            return PackedHead.Of(numbers, window.Length);
        }
        catch (ArgumentException e)
        {
            throw new ReportException($"window {window.Tokens.Index}, layer {place.Layer}, head {place.Head}: {e.Message}", e);
        }
    }

    private static HeadData Figures(float[] matrix, (int Layer, int Head) place, TokenSpan target, IReadOnlyList<TokenGroup> groups)
    {
        double onQuestion = 0,
            sinks = 0;
        for (var query = 0; query < groups.Count; query++)
        for (var key = 0; key < groups.Count; key++)
        {
            var value = matrix[query * groups.Count + key];
            if (groups[key] is TokenGroup.Cls or TokenGroup.Sep)
                sinks += value;
            else if (groups[key] == TokenGroup.Question && target.Contains(query))
                onQuestion += value;
        }
        return new HeadData(place.Layer, place.Head, Math.Round(onQuestion / target.Length, 4), Math.Round(sinks / groups.Count, 4));
    }

    private static TextSpan Place(InspectedWindow window) => window.Covered(window.ContextTokens);
}
