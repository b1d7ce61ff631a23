using System.Globalization;

namespace XDistilTorch.Inspection;

/// <summary>Tokens of a window that stand together, for instance an answer's.</summary>
/// <param name="First">Position in the window of the first.</param>
/// <param name="Last">Position of the last, which belongs to them.</param>
public readonly record struct TokenSpan(int First, int Last)
{
    /// <summary>How many tokens.</summary>
    public int Length => Last - First + 1;

    /// <summary>Whether a position is among them.</summary>
    public bool Contains(int position) => position >= First && position <= Last;

    /// <summary><c>12..14</c>, both included.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}..{Last}");
}
