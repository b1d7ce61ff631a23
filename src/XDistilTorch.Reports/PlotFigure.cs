using System.Xml.Linq;
using ScottPlot;
using XDistilTorch.Reports.Plots;

namespace XDistilTorch.Reports;

/// <summary>Plots with what they show below them, side by side where there is room.</summary>
internal static class PlotFigure
{
    public static XElement Of(Plot plot, string name, string caption) =>
        Html.Element("figure", InlineSvg.Of(plot, name, caption), Html.Text("figcaption", caption));

    public static XElement Row(IEnumerable<XElement> figures) => Html.Element("div", figures).WithClass("plots");
}
