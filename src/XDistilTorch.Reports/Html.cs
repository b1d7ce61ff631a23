using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace XDistilTorch.Reports;

/// <summary>Elements of a page. Texts of others become text, never markup.</summary>
internal static class Html
{
    public static XElement Element(string name, params object?[] content) => new(name, content);

    public static XElement Text(string name, string text) => new(name, Legal(text)); // "" too has an end tag, which HTML needs

    public static XElement WithClass(this XElement element, string name)
    {
        element.SetAttributeValue("class", name);
        return element;
    }

    /// <summary>A table; all columns but the first are figures, set to the right.</summary>
    public static XElement Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows) =>
        Element(
            "table",
            Element("thead", Element("tr", head.Select(cell => Text("th", cell)))),
            Element("tbody", rows.Select(row => Element("tr", row.Select(cell => Text("td", cell)))))
        );

    public static string Number(double? value, string format = "0.00") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A learning rate: small ones as people write them, 5e-5.</summary>
    public static string Rate(double rate) =>
        rate.ToString(rate is > 0 and < 0.001 ? "0.####e0" : "0.######", CultureInfo.InvariantCulture);

    /// <summary>"1 step", "2,000 steps".</summary>
    public static string Counted(long count, string what) => FormattableString.Invariant($"{count:N0} {what}{(count == 1 ? "" : "s")}");

    /// <summary>The text without what no page may hold: control characters and half surrogate pairs.</summary>
    public static string Legal(string text)
    {
        var legal = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // half a pair comes as U+FFFD
            legal.Append(rune.Value > 0xFFFF || XmlConvert.IsXmlChar((char)rune.Value) && !IsControl(rune) ? rune.ToString() : "\uFFFD");
        return legal.ToString();
    }

    public static string Page(XElement root)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n");
        using (
            var writer = XmlWriter.Create(
                page,
                new XmlWriterSettings
                {
                    OmitXmlDeclaration = true,
                    NewLineHandling = NewLineHandling.None,
                    ConformanceLevel = ConformanceLevel.Fragment,
                }
            )
        )
            root.WriteTo(writer);
        return page.Append('\n').ToString();
    }

    private static bool IsControl(Rune rune) => Rune.IsControl(rune) && rune.Value is not ('\n' or '\t');
}
