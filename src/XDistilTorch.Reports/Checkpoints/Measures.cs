namespace XDistilTorch.Reports.Checkpoints;

/// <summary>How the measures are written.</summary>
internal static class Measures
{
    /// <summary>Nats in thousandths.</summary>
    public static string Milli(double nats) => Short(1000 * nats);

    /// <summary>A share in percent, with its sign.</summary>
    public static string Percent(double share) => double.IsFinite(share) ? Short(100 * share) + " %" : "from 0";

    /// <summary>A share in percent, without its sign.</summary>
    public static string InPercent(double share) => double.IsFinite(share) ? Short(100 * share) : "from 0";

    /// <summary>A distance to three digits, small ones as 2.1e-5.</summary>
    public static string Distance(double distance) => Html.Number(distance, distance is > 0 and < 0.001 ? "0.0e0" : "0.0000");

    // Two or three digits: 231, 23.1, 2.31, 0.23.
    private static string Short(double value) =>
        Html.Number(
            value,
            value switch
            {
                0 => "0",
                >= 100 => "0",
                >= 10 => "0.0",
                _ => "0.00",
            }
        );
}
