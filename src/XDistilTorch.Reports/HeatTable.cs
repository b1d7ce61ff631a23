using System.Globalization;
using System.Xml.Linq;

namespace XDistilTorch.Reports;

/// <summary>
/// A heat map that is a table: every cell is its number on a ground that is the stronger, the further it is from 0; blue above, orange below, which every kind of colour vision
/// tells apart. Who only hears it reads the same.
/// </summary>
internal static class HeatTable
{
    private const double Strong = 0.55; // from here on the ground wants letters of the other colour
    private const int StepsOfScale = 8;

    /// <param name="caption">What the numbers are.</param>
    /// <param name="corner">What the rows are.</param>
    /// <param name="columns">The columns' names.</param>
    /// <param name="rows">The rows' names and values; null: there is none.</param>
    /// <param name="format">How a number is written.</param>
    /// <param name="most">The absolute value that has the strongest ground; null: the largest there is.</param>
    public static XElement Of(
        string caption,
        string corner,
        IReadOnlyList<string> columns,
        IReadOnlyList<(string Name, IReadOnlyList<double?> Values)> rows,
        Func<double, string> format,
        double? most = null
    )
    {
        double[] values = [.. rows.SelectMany(row => row.Values).OfType<double>().Where(double.IsFinite)];
        var full = most ?? values.Select(Math.Abs).DefaultIfEmpty().Max();
        return Html.Element(
                "div",
                Html.Element(
                        "table",
                        Html.Text("caption", caption),
                        Html.Element("thead", Html.Element("tr", Head(corner, "col"), columns.Select(column => Head(column, "col")))),
                        Html.Element(
                            "tbody",
                            rows.Select(row =>
                                Html.Element("tr", Head(row.Name, "row"), row.Values.Select(value => Cell(value, full, format)))
                            )
                        )
                    )
                    .WithClass("heat"),
                full > 0 ? Scale(values.Any(value => value < 0) ? -full : 0, full, format) : null
            )
            .WithClass("wide");
    }

    /// <summary>A row for each layer, a column for each head. Layers may have unequal numbers of them, as those of a pruned model have.</summary>
    /// <param name="caption">What the numbers are.</param>
    /// <param name="heads">The heads' values.</param>
    /// <param name="format">How a number is written.</param>
    /// <param name="last">A column behind the heads: its name, and a value for each layer.</param>
    public static XElement OfHeads(
        string caption,
        IReadOnlyDictionary<(int Layer, int Head), double> heads,
        Func<double, string> format,
        (string Name, IReadOnlyDictionary<int, double> Values)? last = null
    )
    {
        int[] layers = [.. heads.Keys.Select(key => key.Layer).Concat(last?.Values.Keys ?? []).Distinct().Order()],
            columns = [.. heads.Keys.Select(key => key.Head).Distinct().Order()];
        IReadOnlyList<double?> Row(int layer) =>
            [
                .. columns.Select(head => heads.TryGetValue((layer, head), out var value) ? value : (double?)null),
                .. last is { } column
                    ? [column.Values.TryGetValue(layer, out var behind) ? behind : (double?)null]
                    : Array.Empty<double?>(),
            ];
        return Of(
            caption,
            "layer",
            [
                .. columns.Select(head => string.Create(CultureInfo.InvariantCulture, $"head {head}")),
                .. last is { } named ? [named.Name] : Array.Empty<string>(),
            ],
            [.. layers.Select(layer => (layer.ToString(CultureInfo.InvariantCulture), Row(layer)))],
            format
        );
    }

    private static XElement Head(string text, string scope)
    {
        var head = Html.Text("th", text);
        head.SetAttributeValue("scope", scope);
        return head;
    }

    private static XElement Cell(double? value, double most, Func<double, string> format) =>
        value is { } number
            ? Ground(Html.Text("td", format(number)), most > 0 ? Math.Clamp(number / most, -1, 1) : 0)
            : Html.Text("td", "");

    private static XElement Ground(XElement cell, double share)
    {
        cell.SetAttributeValue("style", string.Create(CultureInfo.InvariantCulture, $"--v:{Math.Abs(share):0.###}"));
        string[] names =
        [
            .. share < 0 ? ["below"] : Array.Empty<string>(),
            .. Math.Abs(share) > Strong ? ["strong"] : Array.Empty<string>(),
        ];
        return names.Length > 0 ? cell.WithClass(string.Join(' ', names)) : cell;
    }

    private static XElement Scale(double least, double most, Func<double, string> format) =>
        Html.Element(
                "p",
                Html.Text("span", format(least)),
                Enumerable
                    .Range(0, StepsOfScale + 1)
                    .Select(step => Ground(Html.Text("i", "\u00a0"), (least + ((most - least) * step / StepsOfScale)) / most)),
                Html.Text("span", format(most))
            )
            .WithClass("scale");
}
