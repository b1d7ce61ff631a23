using System.Globalization;
using System.Xml.Linq;

namespace XDistilTorch.Reports;

/// <summary>
/// A heat map that is a table: every cell is its number on a ground that is the stronger, the greater it is. One hue, so that every kind of colour vision, and who only hears it,
/// reads the same.
/// </summary>
internal static class HeatTable
{
    private const double Strong = 0.55; // from here on the ground wants letters of the other colour

    /// <param name="caption">What the numbers are.</param>
    /// <param name="corner">What the rows are.</param>
    /// <param name="columns">The columns' names.</param>
    /// <param name="rows">The rows' names and values, from 0 on; null: there is none.</param>
    /// <param name="format">How a number is written.</param>
    public static XElement Of(
        string caption,
        string corner,
        IReadOnlyList<string> columns,
        IReadOnlyList<(string Name, IReadOnlyList<double?> Values)> rows,
        Func<double, string> format
    )
    {
        var most = rows.SelectMany(row => row.Values).Max(value => value is { } number && double.IsFinite(number) ? number : 0);
        return Html.Element(
                "div",
                Html.Element(
                        "table",
                        Html.Text("caption", caption),
                        Html.Element("thead", Html.Element("tr", Head(corner, "col"), columns.Select(column => Head(column, "col")))),
                        Html.Element(
                            "tbody",
                            rows.Select(row =>
                                Html.Element("tr", Head(row.Name, "row"), row.Values.Select(value => Cell(value, most, format)))
                            )
                        )
                    )
                    .WithClass("heat"),
                Scale(most, format)
            )
            .WithClass("wide");
    }

    private static XElement Head(string text, string scope)
    {
        var head = Html.Text("th", text);
        head.SetAttributeValue("scope", scope);
        return head;
    }

    private static XElement Cell(double? value, double most, Func<double, string> format)
    {
        if (value is not { } number)
            return Html.Text("td", "");
        var share = most > 0 ? Math.Min(1, number / most) : 0;
        return Ground(Html.Text("td", format(number)), share);
    }

    private static XElement Ground(XElement cell, double share)
    {
        cell.SetAttributeValue("style", string.Create(CultureInfo.InvariantCulture, $"--v:{share:0.###}"));
        return share > Strong ? cell.WithClass("strong") : cell;
    }

    private static XElement Scale(double most, Func<double, string> format) =>
        Html.Element(
                "p",
                Html.Text("span", format(0)),
                Enumerable.Range(0, 9).Select(step => Ground(Html.Text("i", "\u00a0"), step / 8.0)),
                Html.Text("span", format(most))
            )
            .WithClass("scale");
}
