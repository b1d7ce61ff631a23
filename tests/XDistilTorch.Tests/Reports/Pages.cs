using System.Xml;
using System.Xml.Linq;

namespace XDistilTorch.Tests.Reports;

/// <summary>What every page must be.</summary>
internal static class Pages
{
    /// <summary>A text that would do harm as markup, and cannot stand in any.</summary>
    public const string Hostile = "</p><script>alert(\"1\")</script><img src=x onerror='alert(2)'> & \u0001 \ud800 \u202e 🍵";

    public static XElement Parsed(string page)
    {
        page.Should().StartWith("<!DOCTYPE html>\n");
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    public static void ShouldNeedNothingElse(string page)
    {
        page.Should()
            .NotContainEquivalentOf("http:")
            .And.NotContainEquivalentOf("https:")
            .And.NotContainEquivalentOf("<script")
            .And.NotContain("src=");
        Parsed(page).Descendants().Attributes().Should().NotContain(a => a.Name.LocalName == "href" && !a.Value.StartsWith('#'));
    }

    public static void ShouldHaveUniqueIds(XElement root)
    {
        var ids = root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        ids.Should().OnlyHaveUniqueItems();
        var clips = root.Descendants().Attributes("clip-path").Select(clip => clip.Value[5..^1]).Distinct();
        ids.Should().Contain(clips);
    }

    public static void ShouldHaveEndTags(string page) =>
        page.Should().NotMatchRegex("<(td|th|p|span|b|mark|article|div|figcaption|title|h1|h2|h3)( [^>]*)?/>");
}
