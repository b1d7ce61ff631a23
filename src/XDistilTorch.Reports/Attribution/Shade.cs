using System.Globalization;
using System.Xml.Linq;

namespace XDistilTorch.Reports.Attribution;

/// <summary>A value's ground: blue for, orange against, the stronger the larger it is beside the largest.</summary>
internal static class Shade
{
    private const double Unseen = 0.02;

    /// <param name="element">What gets the ground.</param>
    /// <param name="value">The value.</param>
    /// <param name="largest">The largest absolute value beside it.</param>
    public static XElement Shaded(this XElement element, double value, double largest)
    {
        var strength = largest > 0 ? Math.Min(1, Math.Abs(value) / largest) : 0;
        if (!(strength >= Unseen))
            return element;
        element.SetAttributeValue("style", string.Create(CultureInfo.InvariantCulture, $"--v:{strength:0.##}"));
        return element.WithClass($"{element.Attribute("class")?.Value} {(value > 0 ? "for" : "against")}".Trim());
    }

    /// <summary>+1.234, -1.234.</summary>
    public static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
