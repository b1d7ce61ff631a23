using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>Question and context with every word on the ground of its value; the explained answer, and what it is compared with, framed.</summary>
internal sealed class HeatMap
{
    private readonly IReadOnlyList<(TokenUnit Unit, double Value)> values;
    private readonly ExplainedDecision decision;
    private readonly double largest;

    private HeatMap(AttributionResult result, TokenAttribution attribution)
    {
        decision = result.Decision;
        values = [.. result.Units.Select(unit => (unit, unit.ValueIn(attribution)))];
        largest = Largest(values.Select(each => each.Value));
    }

    public static double Largest(IEnumerable<double> values) => values.Select(Math.Abs).DefaultIfEmpty().Max();

    public static XElement Of(AttributionResult result, TokenAttribution attribution)
    {
        var map = new HeatMap(result, attribution);
        var window = result.Decision.Window;
        return Html.Element(
                "div",
                Html.Element("p", map.Between(new TextSpan(0, window.Question.Length), inContext: false)),
                Html.Element("p", map.Context())
            )
            .WithClass("text");
    }

    private IEnumerable<object> Context()
    {
        var window = decision.Window;
        var part = window.Covered(window.ContextTokens);
        if (!string.IsNullOrWhiteSpace(window.Context[..part.Start]))
            yield return Left(part.Start, "before this window");
        var at = part.Start;
        foreach (var (place, name) in Marks())
        {
            foreach (var piece in Between(new TextSpan(at, place.Start), inContext: true))
                yield return piece;
            yield return Html.Element("span", Between(place, inContext: true)).WithClass(name);
            at = place.End;
        }
        foreach (var piece in Between(new TextSpan(at, part.End), inContext: true))
            yield return piece;
        if (!string.IsNullOrWhiteSpace(window.Context[part.End..]))
            yield return Left(window.Context.Length - part.End, "after this window");
    }

    // Where the two overlap, the explained one only.
    private IEnumerable<(TextSpan Place, string Name)> Marks()
    {
        TextSpan? first = decision.For is { } tokens ? decision.Window.Covered(tokens) : null,
            second = decision.Against?.Tokens is { } others ? decision.Window.Covered(others) : null;
        if (first is { } target && second is { } other && target.Overlaps(other))
            second = null;
        return new[] { (Place: first, Name: "target"), (Place: second, Name: "other") }
            .Where(mark => mark.Place is not null)
            .Select(mark => (mark.Place!.Value, mark.Name))
            .OrderBy(mark => mark.Value.Start);
    }

    // A unit that reaches beyond the stretch is cut at its ends; units may share a place, then the first has it.
    private IEnumerable<object> Between(TextSpan stretch, bool inContext)
    {
        var text = inContext ? decision.Window.Context : decision.Window.Question;
        var at = stretch.Start;
        foreach (var (unit, value) in values)
        {
            var part = new TextSpan(Math.Max(unit.Place.Start, at), Math.Min(unit.Place.End, stretch.End));
            if (unit.InContext != inContext || part.Length <= 0)
                continue;
            if (part.Start > at)
                yield return Html.Legal(text[at..part.Start]);
            yield return Word(part.Of(text), unit.Place.Of(text), value);
            at = part.End;
        }
        if (at < stretch.End)
            yield return Html.Legal(text[at..stretch.End]);
    }

    private XElement Word(string shown, string whole, double value)
    {
        var word = Html.Text("span", shown).WithClass("w").Shaded(value, largest);
        word.SetAttributeValue("title", Html.Legal($"{Shortened(whole)}: {Shade.Signed(value)}"));
        return word;
    }

    private static string Shortened(string text) =>
        new StringInfo(text) is { LengthInTextElements: > 60 } whole ? whole.SubstringByTextElements(0, 59) + "…" : text;

    private static XElement Left(int characters, string where) =>
        Html.Text("span", $" [… {Html.Counted(characters, "character")} {where}] ").WithClass("quiet");
}
