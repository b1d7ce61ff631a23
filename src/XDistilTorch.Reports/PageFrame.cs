using System.Xml.Linq;

namespace XDistilTorch.Reports;

/// <summary>What all pages share around their sections.</summary>
internal static class PageFrame
{
    /// <param name="title">The page's title.</param>
    /// <param name="sections">What stands in it.</param>
    /// <param name="css">How it looks; null: as reports do.</param>
    /// <param name="head">One more element of the head.</param>
    public static string Render(string title, IEnumerable<XElement> sections, string? css = null, XElement? head = null) =>
        Html.Page(
            Html.Element(
                "html",
                new XAttribute("lang", "en"),
                Html.Element(
                    "head",
                    Html.Element("meta", new XAttribute("charset", "utf-8")),
                    Html.Element(
                        "meta",
                        new XAttribute("name", "viewport"),
                        new XAttribute("content", "width=device-width, initial-scale=1")
                    ),
                    Html.Text("title", title),
                    head,
                    Html.Element("style", css ?? PageStyle.Css)
                ),
                Html.Element("body", sections)
            )
        );
}
