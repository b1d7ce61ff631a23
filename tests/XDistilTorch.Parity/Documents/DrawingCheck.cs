using System.Xml.Linq;

namespace XDistilTorch.Parity.Documents;

/// <summary>What an SVG file needs to be shown as a picture: by itself, on any ground.</summary>
internal static class DrawingCheck
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static void ShouldStandAlone(string path)
    {
        var root = XDocument.Load(path).Root!;

        root.Name.Should().Be(Svg + "svg", path);
        root.Elements().First().Name.Should().Be(Svg + "rect", $"{path} may be shown on a dark page");
        root.Descendants().Select(element => element.Name.LocalName).Should().NotContain("script", path);
        root.Descendants()
            .Attributes()
            .Where(attribute => attribute.Name.LocalName == "href")
            .Select(attribute => attribute.Value)
            .Where(target => !target.StartsWith('#'))
            .Should()
            .BeEmpty($"{path} is a picture without a network");
    }
}
