namespace XDistilTorch.Reports.Attention;

/// <summary>Probabilities rounded to three significant digits, as 16 bits: 0, or 1 + 900 e + (m - 100) for m * 10^-(e + 2) with m from 100 to 999.</summary>
internal static class ThreeDigits
{
    private const int Mantissas = 900;

    public static ushort Code(float probability)
    {
        if (probability <= 0)
            return 0;
        var value = Math.Min(probability, 1.0); // a softmax may round to a little more than 1
        var exponent = (int)Math.Ceiling(-Math.Log10(value));
        var mantissa = (int)Math.Round(value * Math.Pow(10, exponent + 2));
        if (mantissa == 1000)
            (mantissa, exponent) = (100, exponent - 1);
        return (ushort)(1 + Mantissas * exponent + (mantissa - 100));
    }

    public static double Value(ushort code) => code == 0 ? 0 : ((code - 1) % Mantissas + 100) / Math.Pow(10, (code - 1) / Mantissas + 2);
}
