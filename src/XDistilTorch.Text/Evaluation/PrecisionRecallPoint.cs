namespace XDistilTorch.Evaluation;

/// <summary>One step of a precision-recall curve.</summary>
/// <param name="Recall">The share of the questions with an answer that was answered rightly, 0 to 1.</param>
/// <param name="Precision">The share of the answered questions that was answered rightly, 0 to 1.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision);
