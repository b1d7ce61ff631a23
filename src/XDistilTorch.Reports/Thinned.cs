namespace XDistilTorch.Reports;

/// <summary>Every so-manieth of many, so that a page stays small; what must be seen stays.</summary>
/// <param name="All">How many there were.</param>
/// <param name="Every">1: all of them are there.</param>
/// <param name="Shown">Those that are left, in order.</param>
internal sealed record Thinned<T>(int All, int Every, IReadOnlyList<T> Shown)
{
    /// <summary>The first, the last, and what must stay are there in any case.</summary>
    public static Thinned<T> Of(IReadOnlyList<T> all, int most, Func<T, bool> mustStay)
    {
        var every = Math.Max(1, (all.Count + most - 1) / most);
        return new(all.Count, every, [.. all.Where((item, i) => i % every == 0 || i == all.Count - 1 || mustStay(item))]);
    }
}
