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
            var drawn = XElement.Parse(plot.GetSvgXml(PlotFrame.Width, PlotFrame.Height));
            // Skia counts ids on from plot to plot, so that the same plot has others every time.
            var ids = drawn.Descendants().Attributes("id").Select((id, i) => (id.Value, $"{name}-{i}")).ToDictionary();
            var svg = Plain(drawn, ids);
            svg.SetAttributeValue("viewBox", FormattableString.Invariant($"0 0 {PlotFrame.Width} {PlotFrame.Height}"));
            svg.SetAttributeValue("role", "img");
            svg.SetAttributeValue("aria-label", description);
            return svg;
        }
    }

    // HTML knows SVG without its name spaces, which look like addresses of the web.
    private static XElement Plain(XElement element, Dictionary<string, string> ids) =>
        new(
            element.Name.LocalName,
            element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).Select(attribute => Plain(attribute, ids)),
            element.Nodes().Select(node => node is XElement child ? Plain(child, ids) : node)
        );

    private static XAttribute Plain(XAttribute attribute, Dictionary<string, string> ids) =>
        new(
            attribute.Name.LocalName,
            attribute.Name.LocalName switch
            {
                "id" => ids[attribute.Value],
                "href" => "#" + ids[attribute.Value[1..]],
                "x" or "y" => attribute.Value.TrimEnd(' ', ','), // Skia ends lists with a comma, which SVG forbids
                _ when attribute.Value.StartsWith("url(#", StringComparison.Ordinal) => $"url(#{ids[attribute.Value[5..^1]]})",
                _ => attribute.Value,
            }
        );
}
