namespace XDistilTorch.Evaluation;

/// <summary>A mean with the interval that its resamples fill, percentages from 0 to 100 (differences from -100).</summary>
/// <param name="Mean">The mean of all values.</param>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="Level">The part of the resamples' means between them, for instance 0.95.</param>
public readonly record struct BootstrapInterval(double Mean, double Lower, double Upper, double Level);
