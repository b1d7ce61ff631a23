namespace XDistilTorch.Tokenization;

/// <summary>What becomes of a character.</summary>
internal enum CharacterKind
{
    /// <summary>Stays in its word as it is.</summary>
    Keep,

    /// <summary>Dropped; what stands on its two sides is one word.</summary>
    Removed,

    /// <summary>Ends a word.</summary>
    Space,

    /// <summary>A word of its own.</summary>
    Punctuation,

    /// <summary>A word of its own between spaces; the value is what it becomes.</summary>
    Ideograph,

    /// <summary>Stays in its word as the character that is the value.</summary>
    One,

    /// <summary>Becomes the characters at the value in <see cref="CharacterTable.Sequences"/>.</summary>
    Many,

    /// <summary>A Hangul syllable that becomes two or three jamo.</summary>
    Hangul,

    /// <summary>A combining mark that is kept while others around it are dropped: the text has to be put into canonical order first.</summary>
    NeedsOrder,
}
