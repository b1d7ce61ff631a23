namespace XDistilTorch.Data;

/// <summary>A row after its answers were looked for.</summary>
/// <param name="Row">The row with the starts that could be filled in.</param>
/// <param name="Open">The answers without a known place.</param>
public sealed record LocatedRow(QuestionRow Row, IReadOnlyList<OpenAnswer> Open);

/// <summary>An answer whose place is not known.</summary>
/// <param name="Index">Which of the row's answers, counted from 0.</param>
/// <param name="Meant">Why.</param>
/// <param name="Places">Where its text stands, in code points, the first five places.</param>
public sealed record OpenAnswer(int Index, AnswerMeant Meant, IReadOnlyList<int> Places);
