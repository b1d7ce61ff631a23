namespace XDistilTorch.Calibrating;

/// <summary>The same questions over texts of about so many windows.</summary>
/// <param name="Windows">How many windows were wanted; 1: the contexts as they are.</param>
/// <param name="Figures">What came of it.</param>
public sealed record JoinedPart(int Windows, CalibrationPart Figures);
