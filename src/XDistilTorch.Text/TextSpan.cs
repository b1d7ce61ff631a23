namespace XDistilTorch;

/// <summary>A place in a string: from <paramref name="Start"/> up to, not including, <paramref name="End"/>, in UTF-16 units as .NET counts them.</summary>
/// <param name="Start">Index of the first unit.</param>
/// <param name="End">Index after the last unit.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>How many UTF-16 units.</summary>
    public int Length => End - Start;

    /// <summary>Whether the two share at least one unit.</summary>
    public bool Overlaps(TextSpan other) => Start < other.End && other.Start < End;

    /// <summary>This slice of <paramref name="text"/>.</summary>
    public string Of(string text) => text[Start..End];
}
