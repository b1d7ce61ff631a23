namespace XDistilTorch.Tokenization;

/// <summary>
/// The normaliser and the split into words of one set of options, as one look-up per character: (<see cref="CharacterKind"/>, value).
/// Two stages, pages of 256 characters; pages of one kind are shared. <see cref="CharacterTableBuilder"/> fills it.
/// </summary>
internal sealed class CharacterTable
{
    public const int PageBits = 8;
    public const int PageSize = 1 << PageBits;
    public const int ValueBits = 24;
    public const int ValueMask = (1 << ValueBits) - 1;

    /// <summary>Marks a punctuation character in <see cref="Sequences"/>.</summary>
    public const int PunctuationFlag = 1 << 30;

    private readonly ushort[] index;
    private readonly int[] pages;

    /// <param name="index">Which page each 256 code points have.</param>
    /// <param name="pages">The pages, one after the other.</param>
    /// <param name="sequences">As <see cref="Sequences"/>.</param>
    public CharacterTable(ushort[] index, int[] pages, int[] sequences)
    {
        this.index = index;
        this.pages = pages;
        Sequences = sequences;
        for (var c = 0; c < Ascii.Length; c++)
            Ascii[c] = Of(c, out var value) switch
            {
                CharacterKind.Keep => (ushort)(WordFlag + c),
                CharacterKind.One => (ushort)(WordFlag + value),
                var kind => (ushort)kind,
            };
    }

    /// <summary>Marks a word character in <see cref="Ascii"/>.</summary>
    public const int WordFlag = 256;

    /// <summary>Word characters of ASCII as <see cref="WordFlag"/> + what they become, else the <see cref="CharacterKind"/>.</summary>
    public ushort[] Ascii { get; } = new ushort[128];

    /// <summary>At each value of <see cref="CharacterKind.Many"/>: a count, then so many code points, punctuation with <see cref="PunctuationFlag"/>.</summary>
    public int[] Sequences { get; }

    /// <summary>What becomes of this code point (or lone surrogate).</summary>
    public CharacterKind Of(int codePoint, out int value)
    {
        var entry = pages[(index[codePoint >> PageBits] << PageBits) | (codePoint & (PageSize - 1))];
        value = entry & ValueMask;
        return (CharacterKind)(entry >> ValueBits);
    }
}
