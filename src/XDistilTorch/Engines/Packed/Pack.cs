using XDistilTorch.Windows;

namespace XDistilTorch.Engines.Packed;

/// <summary>Windows that are computed together, their tokens one after the other: linear layers see rows only, and attention knows where each window ends.</summary>
internal sealed class Pack
{
    private readonly IReadOnlyList<TokenWindow> windows;
    private readonly int first;
    private readonly int[] starts;

    private Pack(IReadOnlyList<TokenWindow> windows, int first, int count)
    {
        (this.windows, this.first) = (windows, first);
        starts = new int[count + 1];
        for (var i = 0; i < count; i++)
            starts[i + 1] = starts[i] + windows[first + i].Length;
    }

    /// <summary>How many windows.</summary>
    public int Count => starts.Length - 1;

    /// <summary>How many tokens.</summary>
    public int Rows => starts[^1];

    /// <summary>The number of a window among all of the run.</summary>
    public int Number(int window) => first + window;

    public TokenWindow this[int window] => windows[first + window];

    /// <summary>The first row of a window; also of the one after the last.</summary>
    public int Start(int window) => starts[window];

    /// <summary>Cuts windows into packs by their order alone.</summary>
    public static List<Pack> Cut(IReadOnlyList<TokenWindow> windows, int most)
    {
        List<Pack> packs = [];
        for (var from = 0; from < windows.Count; )
        {
            int to = from,
                rows = 0;
            do rows += windows[to++].Length;
            while (to < windows.Count && !PackedShape.Suffices(rows) && rows + windows[to].Length <= most);
            packs.Add(new Pack(windows, from, to - from));
            from = to;
        }
        return packs;
    }
}
