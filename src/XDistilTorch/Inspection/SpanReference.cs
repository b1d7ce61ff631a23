using System.Globalization;

namespace XDistilTorch.Inspection;

/// <summary>A span that somebody names: <c>null</c> for no answer, <c>START:END</c> in code points of the context, or its very text.</summary>
public static class SpanReference
{
    /// <summary>The word for no answer.</summary>
    public const string NoAnswer = "null";

    /// <summary>Finds what is named.</summary>
    /// <param name="named">The name. A text in double quotes is a text, whatever it says.</param>
    /// <param name="context">The text that it stands in.</param>
    /// <returns>Its place in UTF-16 units; null for no answer.</returns>
    /// <exception cref="InspectionException">It is not there, at several places, or outside of the text.</exception>
    public static TextSpan? Find(string named, string context)
    {
        ArgumentNullException.ThrowIfNull(named);
        ArgumentNullException.ThrowIfNull(context);
        if (named == NoAnswer)
            return null;
        if (Places(named) is var (start, end))
            return Place(start, end, context);
        var text = named.Length > 1 && named[0] == '"' && named[^1] == '"' ? named[1..^1] : named;
        var found = Occurrences(text, context).Take(6).ToList();
        var points = new CodePointIndex(context);
        return found.Count switch
        {
            1 => new TextSpan(found[0], found[0] + text.Length),
            0 => throw new InspectionException(
                $"\"{text}\" does not stand in the text; expected a stretch of it, letter by letter, START:END, or null."
            ),
            _ => throw new InspectionException(
                $"\"{text}\" stands in the text {(found.Count > 5 ? "more than 5" : found.Count)} times; name one place: "
                    + string.Join(", ", found.Take(5).Select(at => $"{points.ToCodePoint(at)}:{points.ToCodePoint(at + text.Length)}"))
            ),
        };
    }

    private static (int Start, int End)? Places(string named) =>
        named.Split(':') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            ? (start, end)
            : null;

    private static TextSpan Place(int start, int end, string context)
    {
        var points = new CodePointIndex(context);
        var length = points.ToCodePoint(context.Length);
        return start < end && end <= length
            ? new TextSpan(points.ToUtf16(start), points.ToUtf16(end))
            : throw new InspectionException(
                $"{start}:{end} is no span of the text, which has {length} characters; expected START less than END, counted from 0."
            );
    }

    private static IEnumerable<int> Occurrences(string text, string context)
    {
        if (text.Length == 0)
            yield break;
        for (
            var at = context.IndexOf(text, StringComparison.Ordinal);
            at >= 0;
            at = context.IndexOf(text, at + 1, StringComparison.Ordinal)
        )
            yield return at;
    }
}
