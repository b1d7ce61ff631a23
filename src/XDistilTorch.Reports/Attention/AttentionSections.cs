using System.Xml.Linq;
using XDistilTorch.Inspection;

namespace XDistilTorch.Reports.Attention;

/// <summary>The page's elements: what is to be read, the place for what the script draws, the data and the script.</summary>
internal static class AttentionSections
{
    /// <summary>Whatever a text may smuggle in: the browser loads nothing for this page.</summary>
    public static XElement NoNetwork { get; } =
        Html.Element(
            "meta",
            new XAttribute("http-equiv", "Content-Security-Policy"),
            new XAttribute("content", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'")
        );

    public static IEnumerable<XElement> Of(
        Answer answer,
        InspectedTarget target,
        string model,
        IReadOnlyList<PackedWindow> windows,
        AttentionPageData data
    ) =>
        [
            Headline(answer, target, model),
            Html.Element("main", Id("app"), Html.Text("p", "The maps are being unpacked; this takes a current browser with JavaScript.")),
            Footer(windows.SelectMany(window => window.Heads).Max(head => head.LargestError)),
            Data("data", "application/json", data.ToJson()),
            Map(windows, data.Open, windows[data.Open].Data.Open),
            Html.Element("script", "//", new XCData($"{PageAssets.Script}//")), // here it runs before the browser has read the other maps
            .. windows.SelectMany(
                (window, number) =>
                    Enumerable
                        .Range(0, window.Heads.Count)
                        .Where(i => (number, i) != (data.Open, windows[data.Open].Data.Open))
                        .Select(i => Map(windows, number, i))
            ),
        ];

    private static XElement Headline(Answer answer, InspectedTarget target, string model) =>
        Html.Element(
            "header",
            Html.Text("h1", "Attention"),
            Html.Text("p", answer.Question).WithClass("question"),
            Html.Element("p", Looked(answer, target)).WithClass("answer"),
            Html.Text("p", model).WithClass("quiet")
        );

    private static IEnumerable<object> Looked(Answer answer, InspectedTarget target)
    {
        yield return target.Text is { } text ? Html.Text("mark", text) : Html.Text("span", "No answer, decided at [CLS]");
        if (answer.HasAnswer && answer.Text != target.Text)
            yield return Html.Legal($" The model's answer is {answer.Text}.");
        else if (!answer.HasAnswer && target.Text is not null)
            yield return " The model gives no answer in this text.";
    }

    private static XElement Footer(double largestError) =>
        Html.Element(
            "footer",
            Html.Element("p", Html.Text("strong", "What this shows. "), AttentionReport.Note),
            Html.Element(
                "p",
                Html.Text("strong", "How exact it is. "),
                FormattableString.Invariant(
                    $"The three highest values of each row have three digits. All others, marked ≈, stand on a logarithmic scale and are off by a factor of {AttentionScale.LargestFactor:0.00} at most; what is below 1/4096 = {AttentionScale.Smallest:0.00000} is shown as 0. The largest error on this page is {largestError:0.0000}. Exact values come by "
                ),
                Html.Text("code", "xdistil inspect record --points \"layer.*.AttentionProbabilities\" --output F.npz"),
                "."
            )
        );

    private static XElement Map(IReadOnlyList<PackedWindow> windows, int window, int head) =>
        Data(FormattableString.Invariant($"map-{window}-{head}"), "text/plain", windows[window].Heads[head].Text);

    private static XElement Data(string id, string type, string content) =>
        Html.Element("script", Id(id), new XAttribute("type", type), content);

    private static XAttribute Id(string id) => new("id", id);
}
