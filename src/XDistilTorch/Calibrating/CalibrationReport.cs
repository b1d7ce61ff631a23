using XDistilTorch.Decoding;

namespace XDistilTorch.Calibrating;

/// <summary>What was fitted, and how good it is.</summary>
public sealed record CalibrationReport
{
    /// <summary>
    /// The calibration, as it stands in <see cref="Calibration.FileName"/>. Its errors and F1 are those of <see cref="Tested"/> where there is such a part, else
    /// those of <see cref="Fitted"/>, which flatter.
    /// </summary>
    public required Calibration Calibration { get; init; }

    /// <summary>The mean of -ln p(what happened) on the questions fitted on.</summary>
    public required double NegativeLogLikelihood { get; init; }

    /// <summary>The questions fitted on.</summary>
    public required CalibrationPart Fitted { get; init; }

    /// <summary>The questions set apart; null for none.</summary>
    public required CalibrationPart? Tested { get; init; }

    /// <summary>Some of the questions set apart (of those fitted on where none are) over longer texts.</summary>
    public required IReadOnlyList<JoinedPart> Joined { get; init; }
}
