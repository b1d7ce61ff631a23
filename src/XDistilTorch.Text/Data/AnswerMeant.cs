namespace XDistilTorch.Data;

/// <summary>What the start of an answer most likely means.</summary>
public enum AnswerMeant
{
    /// <summary>What it says: the text stands there.</summary>
    AsWritten,

    /// <summary>UTF-16 units (JavaScript, Java, C#) instead of code points.</summary>
    Utf16Units,

    /// <summary>UTF-8 bytes (Rust, Go, C) instead of code points.</summary>
    Utf8Bytes,

    /// <summary>Another place, the only one where the text stands.</summary>
    OnlyPlace,

    /// <summary>One of several places where the text stands.</summary>
    SeveralPlaces,

    /// <summary>The text stands in the context in other capitals only.</summary>
    OtherCase,

    /// <summary>The text stands in the context only with accents composed in another way (NFC, NFD).</summary>
    OtherComposition,

    /// <summary>The text does not stand in the context.</summary>
    Nowhere,
}
