namespace XDistilTorch.Data;

/// <summary>Where an answer stands in its context.</summary>
/// <param name="Meant">What its start most likely means.</param>
/// <param name="Places">Where the text stands exactly, in code points, the first five places.</param>
/// <param name="Start">Where it stands in code points, if that is certain; null otherwise.</param>
/// <param name="Span">The same in UTF-16 units.</param>
public sealed record AnswerLocation(AnswerMeant Meant, IReadOnlyList<int> Places, int? Start, TextSpan? Span);
