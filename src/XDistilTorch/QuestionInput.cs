namespace XDistilTorch;

/// <summary>One question about one text.</summary>
/// <param name="Question">The question; may not be blank.</param>
/// <param name="Context">The text to find the answer in; may not be blank. Answers are slices of this string.</param>
/// <param name="Id">The caller's own name for it, passed on to the answer.</param>
public sealed record QuestionInput(string Question, string Context, string? Id = null);
