using System.Xml.Linq;
using ScottPlot;

namespace XDistilTorch.Reports.Plots;

/// <summary>A plot as an element of an HTML page.</summary>
internal static class InlineSvg
{
    /// <param name="plot">The plot; drawn and done with.</param>
    /// <param name="name">Unique in its page: several drawings share one space of ids.</param>
    /// <param name="description">What it shows, for who cannot see it.</param>
    public static XElement Of(Plot plot, string name, string description)
    {
        using (plot)
        {
            var svg = Plain(XElement.Parse(plot.GetSvgXml(PlotFrame.Width, PlotFrame.Height)), name);
            svg.SetAttributeValue("viewBox", FormattableString.Invariant($"0 0 {PlotFrame.Width} {PlotFrame.Height}"));
            svg.SetAttributeValue("role", "img");
            svg.SetAttributeValue("aria-label", description);
            return svg;
        }
    }

    // HTML knows SVG without its name spaces, which look like addresses of the web.
    private static XElement Plain(XElement element, string name) =>
        new(
            element.Name.LocalName,
            element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).Select(attribute => Plain(attribute, name)),
            element.Nodes().Select(node => node is XElement child ? Plain(child, name) : node)
        );

    private static XAttribute Plain(XAttribute attribute, string name) =>
        new(
            attribute.Name.LocalName,
            attribute.Name.LocalName switch
            {
                "id" => $"{name}-{attribute.Value}",
                "href" => attribute.Value.Replace("#", $"#{name}-", StringComparison.Ordinal),
                "x" or "y" => attribute.Value.TrimEnd(' ', ','), // Skia ends lists with a comma, which SVG forbids
                _ => attribute.Value.Replace("url(#", $"url(#{name}-", StringComparison.Ordinal),
            }
        );
}
