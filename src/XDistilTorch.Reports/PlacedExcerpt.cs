using XDistilTorch.Evaluation;

namespace XDistilTorch.Reports;

/// <summary>
/// What stands around several places of a text, each place marked where it really is (the text of an answer may stand elsewhere too). Places may overlap: every stretch has the
/// marks of all that it belongs to.
/// </summary>
internal static class PlacedExcerpt
{
    private const int Reach = 120,
        WithoutPlaces = 240;

    /// <param name="text">The whole text.</param>
    /// <param name="places">Places with the classes of their marks.</param>
    public static IEnumerable<object> Of(string text, IReadOnlyCollection<(TextSpan Span, string Class)> places)
    {
        var at = 0;
        foreach (var shown in Shown(text, [.. places.Select(place => place.Span)]))
        {
            if (shown.Start > 0)
                yield return at == 0 ? "\u2026 " : " \u2026 ";
            foreach (var piece in Pieces(text, shown, places))
                yield return piece;
            at = shown.End;
        }
        if (at < text.Length)
            yield return " \u2026";
    }

    // Stretches around the places; those that touch are one.
    private static List<TextSpan> Shown(string text, IReadOnlyList<TextSpan> places)
    {
        List<TextSpan> shown = [];
        foreach (var place in places.DefaultIfEmpty(new TextSpan(0, Math.Min(WithoutPlaces, text.Length))).OrderBy(place => place.Start))
        {
            var start = ContextExcerpt.Boundary(text, place.Start - Reach);
            var around = new TextSpan(Math.Min(start, place.Start), ContextExcerpt.Boundary(text, place.End + Reach));
            if (shown is [.., var last] && around.Start <= last.End)
                shown[^1] = new TextSpan(last.Start, Math.Max(last.End, around.End));
            else
                shown.Add(around);
        }
        return shown;
    }

    private static IEnumerable<object> Pieces(string text, TextSpan shown, IReadOnlyCollection<(TextSpan Span, string Class)> places)
    {
        int[] cuts =
        [
            .. places
                .SelectMany(place => new[] { place.Span.Start, place.Span.End })
                .Where(cut => cut > shown.Start && cut < shown.End)
                .Append(shown.Start)
                .Append(shown.End)
                .Distinct()
                .Order(),
        ];
        foreach (var (start, end) in cuts.Zip(cuts.Skip(1)))
        {
            var piece = text[start..end];
            string[] classes =
            [
                .. places.Where(place => place.Span.Start <= start && place.Span.End >= end).Select(place => place.Class).Distinct(),
            ];
            yield return classes.Length == 0 ? Html.Legal(piece) : Html.Text("mark", piece).WithClass(string.Join(' ', classes));
        }
    }
}
