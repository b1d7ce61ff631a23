namespace XDistilTorch.Data;

/// <summary>An answer that people gave to a question of a data set.</summary>
/// <param name="Text">The answer as the file has it.</param>
/// <param name="Start">
/// Where the file says that it starts (<c>answer_start</c>), in code points from the start of the context; null where the file says nothing.
/// May be wrong; numbers beyond 64 bits are cut to the nearest.
/// </param>
/// <param name="Span">Its place in the context in UTF-16 units, when the text really stands at <paramref name="Start"/>; null otherwise and for an empty text.</param>
public sealed record GoldAnswer(string Text, long? Start, TextSpan? Span)
{
    /// <summary>The answer that is a slice of a context.</summary>
    /// <param name="context">The text.</param>
    /// <param name="span">The slice, in UTF-16 units; not empty.</param>
    /// <exception cref="ArgumentException">The slice is empty, outside the text, or cuts a surrogate pair.</exception>
    public static GoldAnswer Of(string context, TextSpan span)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (span.Start < 0 || span.Length <= 0 || span.End > context.Length)
            throw new ArgumentException($"{span} is no slice of a text of {context.Length} UTF-16 units.", nameof(span));
        if (CutsPair(context, span.Start) || CutsPair(context, span.End))
            throw new ArgumentException($"{span} cuts a surrogate pair; begin and end between code points.", nameof(span));
        return new(span.Of(context), new CodePointIndex(context).ToCodePoint(span.Start), span);
    }

    private static bool CutsPair(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);
}
