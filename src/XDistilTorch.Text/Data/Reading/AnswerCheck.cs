namespace XDistilTorch.Data.Reading;

/// <summary>What is to be said about one answer of a row.</summary>
internal static class AnswerCheck
{
    /// <summary>Null when the answer stands where it is said to stand; else a fault at <paramref name="place"/>, the place of its start.</summary>
    public static DataFault? Check(AnswerLocator locator, string text, long start, DataPlace place)
    {
        if (text.Length == 0)
            return new(DataFaultCode.EmptyAnswer, place, "the answer has no text.", "Remove the answer, or write the text that answers.");
        var location = locator.Locate(text, start);
        if (location.Meant == AnswerMeant.AsWritten)
            return null;
        var code = CodeOf(location, start, locator.Length);
        return new(code, place, Reason(code, text, start, locator.Length), Remedy(location, start))
        {
            TextFoundAt = location.Places,
            Training = location.Start is not null ? DataSeverity.Warning : DataSeverity.Error,
        };
    }

    private static DataFaultCode CodeOf(AnswerLocation location, long start, int length) =>
        location.Meant == AnswerMeant.Utf16Units ? DataFaultCode.AnswerStartCountsUtf16
        : start < 0 ? DataFaultCode.AnswerStartNegative
        : start >= length ? DataFaultCode.AnswerStartPastEnd
        : DataFaultCode.AnswerNotThere;

    private static string Reason(DataFaultCode code, string text, long start, int length) =>
        code switch
        {
            DataFaultCode.AnswerStartCountsUtf16 => FormattableString.Invariant(
                $"the start {start} of the answer \"{Shortened(text)}\" counts UTF-16 units, expected code points."
            ),
            DataFaultCode.AnswerStartNegative => FormattableString.Invariant(
                $"the start {start} of the answer \"{Shortened(text)}\" is below zero."
            ),
            DataFaultCode.AnswerStartPastEnd => FormattableString.Invariant(
                $"the start {start} of the answer \"{Shortened(text)}\" is past the end of a context of {length} code points."
            ),
            _ => FormattableString.Invariant($"the answer \"{Shortened(text)}\" does not stand at {start}."),
        };

    private static string Remedy(AnswerLocation location, long start) =>
        location.Meant switch
        {
            AnswerMeant.Utf16Units => FormattableString.Invariant($"Write {location.Start}."),
            AnswerMeant.Utf8Bytes => FormattableString.Invariant(
                $"It seems to count UTF-8 bytes; the text stands at {Listed(location.Places)} in code points."
            ),
            AnswerMeant.OnlyPlace => FormattableString.Invariant(
                $"The text stands at {location.Start} only{Near(location, start)}: write that."
            ),
            AnswerMeant.SeveralPlaces => $"The text stands at {Listed(location.Places)}: write the one that is meant.",
            AnswerMeant.OtherCase => "The context has it in other capitals: copy the answer from the context.",
            AnswerMeant.OtherComposition => "The context composes its accents in another way (NFC, NFD): copy the answer from the context.",
            _ => "The context does not have it: copy the answer from the context.",
        };

    private static string Near(AnswerLocation location, long start) => location.Start == start - 1 ? " (counted from 1?)" : "";

    private static string Listed(IReadOnlyList<int> places) => string.Join(", ", places) + (places.Count == 5 ? ", ..." : "");

    private static string Shortened(string text)
    {
        const int Most = 60;
        if (text.Length <= Most)
            return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most), "...");
    }
}
