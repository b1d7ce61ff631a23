using System.Text;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Data;

/// <summary>Finds answers in a context, and what was meant by a start at which the answer does not stand.</summary>
public sealed class AnswerLocator
{
    private const int MostPlaces = 5;

    private readonly string context;
    private readonly CodePointIndex positions;
    private string? decomposed;

    /// <summary>Prepares a context; cheap, the work is done when an answer is not at its place.</summary>
    public AnswerLocator(string context)
    {
        ArgumentNullException.ThrowIfNull(context);
        this.context = context;
        positions = new CodePointIndex(context);
    }

    /// <summary>The length of the context in code points.</summary>
    public int Length => positions.Count;

    /// <summary>Locates an answer.</summary>
    /// <param name="text">The answer; not empty.</param>
    /// <param name="start">Where it is said to start, in code points; null when nothing is said.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public AnswerLocation Locate(string text, long? start)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (SpanAt(text, start) is { } written)
            return new(AnswerMeant.AsWritten, [(int)start!.Value], (int)start.Value, written);

        var places = Places(text, MostPlaces);
        if (start is { } given && StandsAt(text, given))
            return Certain(AnswerMeant.Utf16Units, text, (int)given, places);
        if (start is { } bytes && FromUtf8(bytes) is { } unit && StandsAt(text, unit) && places.Count > 0)
            // One place is certain in any case; of several the bytes only suggest one, and training refuses to guess.
            return places.Count == 1
                ? Certain(AnswerMeant.Utf8Bytes, text, unit, places)
                : new(AnswerMeant.Utf8Bytes, CodePoints(places), null, null);
        return places.Count switch
        {
            1 => Certain(AnswerMeant.OnlyPlace, text, places[0], places),
            > 1 => new(AnswerMeant.SeveralPlaces, CodePoints(places), null, null),
            _ => new(Resembling(text), [], null, null),
        };
    }

    /// <summary>The slice at a start in code points, if the text stands there; null otherwise and for an empty text.</summary>
    public TextSpan? SpanAt(string text, long? start)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (start is not { } at || at < 0 || at > positions.Count || text.Length == 0)
            return null;
        var unit = positions.ToUtf16((int)at);
        return StandsAt(text, unit) ? new TextSpan(unit, unit + text.Length) : null;
    }

    /// <summary>
    /// Fills in the starts that a row's answers lack, where the answer's text stands at one place only.
    /// </summary>
    /// <param name="row">The row; stays as it is.</param>
    /// <param name="alsoWrong">Whether starts at which the text does not stand are corrected too, where it is certain what was meant.</param>
    /// <returns>The row, and the answers of it that still have no start or a wrong one, by their index.</returns>
    public static LocatedRow Fill(QuestionRow row, bool alsoWrong = false)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Answers is null || row.Answers.All(answer => answer.Span is not null))
            return new(row, []);
        var locator = new AnswerLocator(row.Context);
        var (answers, open) = (new List<GoldAnswer>(), new List<OpenAnswer>());
        foreach (var answer in row.Answers)
        {
            var location = answer.Span is null && answer.Text.Length > 0 ? locator.Locate(answer.Text, answer.Start) : null;
            if (location is { Start: { } start, Span: { } span } && (answer.Start is null || alsoWrong))
                answers.Add(answer with { Start = start, Span = span });
            else
            {
                if (answer.Span is null)
                    open.Add(new(answers.Count, location?.Meant ?? AnswerMeant.Nowhere, location?.Places ?? []));
                answers.Add(answer);
            }
        }
        return new(row with { Answers = answers }, open);
    }

    private AnswerLocation Certain(AnswerMeant meant, string text, int unit, List<int> places) =>
        new(meant, CodePoints(places), positions.ToCodePoint(unit), new TextSpan(unit, unit + text.Length));

    private int[] CodePoints(List<int> units) => [.. units.Select(positions.ToCodePoint)];

    private List<int> Places(string text, int most)
    {
        var found = new List<int>();
        for (var from = 0; found.Count < most; from = found[^1] + 1)
        {
            var next = context.IndexOf(text, from, StringComparison.Ordinal);
            if (next < 0)
                break;
            found.Add(next);
        }
        return found;
    }

    // Where in UTF-16 units; inside a surrogate pair nothing starts.
    private bool StandsAt(string text, long unit) =>
        unit >= 0
        && unit <= context.Length - text.Length
        && context.AsSpan((int)unit, text.Length).SequenceEqual(text)
        && !(unit > 0 && char.IsSurrogatePair(context[(int)unit - 1], context[(int)unit]));

    private int? FromUtf8(long bytes)
    {
        if (bytes < 0)
            return null;
        var (unit, left) = (0, bytes);
        while (left > 0 && unit < context.Length)
        {
            Rune.DecodeFromUtf16(context.AsSpan(unit), out var rune, out var units);
            left -= rune.Utf8SequenceLength;
            unit += units;
        }
        return left == 0 ? unit : null;
    }

    private AnswerMeant Resembling(string text)
    {
        if (context.Contains(text, StringComparison.OrdinalIgnoreCase))
            return AnswerMeant.OtherCase;
        decomposed ??= CanonicalForm.Decompose(context);
        return decomposed.Contains(CanonicalForm.Decompose(text), StringComparison.Ordinal)
            ? AnswerMeant.OtherComposition
            : AnswerMeant.Nowhere;
    }
}
