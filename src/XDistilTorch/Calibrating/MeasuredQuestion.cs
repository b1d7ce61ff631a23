using XDistilTorch.Evaluation;

namespace XDistilTorch.Calibrating;

/// <summary>A question as fitting sees it, and how many windows it had.</summary>
internal sealed record MeasuredQuestion(CalibrationQuestion Question, int Windows);
