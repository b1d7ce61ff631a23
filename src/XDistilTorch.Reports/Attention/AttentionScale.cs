namespace XDistilTorch.Reports.Attention;

/// <summary>
/// Attention on a logarithmic scale of two steps an octave from 2^-12 to 1. A value is shown as the geometric middle of its step, so that it is off by a factor
/// of 2^(1/4) at most; what is below the scale is shown as 0.
/// </summary>
internal static class AttentionScale
{
    public const int Octaves = 12;
    public const int Steps = 2 * Octaves;

    /// <summary>2^-12, the least that is not 0.</summary>
    public const float Smallest = 1f / (1 << Octaves);

    /// <summary>In the place of a level: the value stands aside with three digits.</summary>
    public const byte Exact = Steps + 1;

    /// <summary>By how much a level's value can be off, as a factor.</summary>
    public static double LargestFactor { get; } = Math.Pow(2, 0.25);

    /// <summary>0 below the scale, 1 for the step from 2^-12 to 2^-11.5, ..., <see cref="Steps"/> for the last one.</summary>
    public static byte Level(float probability) =>
        probability < Smallest ? (byte)0 : (byte)Math.Clamp((int)(2 * (MathF.Log2(probability) + Octaves)) + 1, 1, Steps);

    /// <summary>The value that a level stands for.</summary>
    public static double Value(byte level) => level == 0 ? 0 : Math.Pow(2, (level - 0.5) / 2 - Octaves);
}
