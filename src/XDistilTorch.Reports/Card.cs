using System.Xml.Linq;

namespace XDistilTorch.Reports;

/// <summary>A figure to be seen first.</summary>
internal static class Card
{
    public static XElement Of(string name, string value, string below) =>
        Html.Element("div", Html.Text("span", name), Html.Text("b", value), Html.Text("span", below).WithClass("quiet")).WithClass("card");

    public static XElement Row(params object?[] cards) => Html.Element("div", cards).WithClass("cards");
}
