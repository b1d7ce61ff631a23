using System.Xml.Linq;
using XDistilTorch.Data;

namespace XDistilTorch.Reports;

/// <summary>One question with its answers, and the part of its context that they are in.</summary>
internal static class QuestionArticle
{
    public static XElement Of(
        QuestionRow row,
        IEnumerable<(string Name, string Text)> lines,
        string figures,
        IEnumerable<object> excerpt
    ) =>
        Html.Element(
            "article",
            Html.Element("p", Html.Text("b", row.Question)),
            lines.Select(line => Line(line.Name, line.Text)),
            Html.Text("p", figures).WithClass("quiet"),
            Html.Element("p", excerpt).WithClass("context")
        );

    /// <summary>Several gold answers in one line.</summary>
    public static string Expected(IReadOnlyCollection<string> gold) => gold.Count == 0 ? Answer("") : string.Join(" | ", gold);

    /// <summary>An answer in words; "" is none.</summary>
    public static string Answer(string answer) => answer.Length == 0 ? "no answer" : answer;

    private static XElement Line(string name, string text) =>
        Html.Element("p", Html.Text("span", name + ": ").WithClass("quiet"), Html.Text("span", text));
}
