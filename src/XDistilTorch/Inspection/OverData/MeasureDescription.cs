namespace XDistilTorch.Inspection.OverData;

/// <summary>What a measure is, in words for a report.</summary>
/// <param name="Name">Its name, such as <c>attention</c>.</param>
/// <param name="Shows">What it can and cannot show: whole sentences.</param>
/// <param name="Figures">Its figures over questions, in the order in which a report has them; others are not reported.</param>
public sealed record MeasureDescription(string Name, IReadOnlyList<string> Shows, IReadOnlyList<FigureDescription> Figures);

/// <summary>One figure of a measure.</summary>
/// <param name="Figure">Its name, as values have it.</param>
/// <param name="Words">What it is.</param>
/// <param name="HasExamples">Whether the questions are shown for which the whole model's value is least and greatest.</param>
/// <param name="ExamplesOf">The group of tokens whose value that is; null: of all, or of each group.</param>
public sealed record FigureDescription(string Figure, string Words, bool HasExamples = false, string? ExamplesOf = null);
