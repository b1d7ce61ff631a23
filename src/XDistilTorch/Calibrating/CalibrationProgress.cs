namespace XDistilTorch.Calibrating;

/// <summary>How far fitting is.</summary>
/// <param name="Questions">Questions computed, those asked again over longer texts included.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Windows">Windows computed.</param>
public readonly record struct CalibrationProgress(long Questions, long Total, long Windows);
