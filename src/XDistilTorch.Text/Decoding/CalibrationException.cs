namespace XDistilTorch.Decoding;

/// <summary>A calibration that cannot be used as it is: not what <c>xdistil model calibrate</c> writes, or out of range.</summary>
public sealed class CalibrationException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">File, field, finding and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public CalibrationException(string message, Exception? inner = null)
        : base(message, inner) { }
}
