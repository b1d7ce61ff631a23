using System.Xml.Linq;

namespace XDistilTorch.Reports;

/// <summary>What all pages share around their sections.</summary>
internal static class PageFrame
{
    /// <param name="title">The page's title.</param>
    /// <param name="sections">What is on it.</param>
    /// <param name="css">What it has beside <see cref="PageStyle"/>.</param>
    public static string Render(string title, IEnumerable<XElement> sections, string css = "") =>
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
                    Html.Element("style", PageStyle.Css + css)
                ),
                Html.Element("body", sections)
            )
        );
}
