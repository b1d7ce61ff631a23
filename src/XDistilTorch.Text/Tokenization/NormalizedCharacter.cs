namespace XDistilTorch.Tokenization;

/// <summary>A character of a normalised text and the place in the original, in UTF-16 units, that it came from.</summary>
internal readonly record struct NormalizedCharacter(int CodePoint, TextSpan Place);
