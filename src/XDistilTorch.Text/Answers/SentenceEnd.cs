namespace XDistilTorch;

/// <summary>The one question of the sentence finder: does a sentence end here?</summary>
internal static class SentenceEnd
{
    private const string Stops = ".!?…";
    private const string WideStops = "。！？｡";
    private const string Closers = "\"')]}»›”’」』】）》〉］｝";
    private const string Openers = "\"'([{«‹“‘„¿¡";

    /// <summary>Steps over what stands at <paramref name="i"/>: a character, a run of stops with its closing quotes, or white space.</summary>
    /// <returns>The position after it; always beyond <paramref name="i"/>.</returns>
    public static int After(string text, int i, out bool isEnd)
    {
        if (char.IsWhiteSpace(text[i]))
            return AfterSpace(text, i, out isEnd);
        if (IsStop(text[i]))
            return AfterStops(text, i, out isEnd);
        isEnd = false;
        return i + 1;
    }

    private static int AfterSpace(string text, int i, out bool isEnd)
    {
        var (lines, pages) = (0, 0);
        for (; i < text.Length && char.IsWhiteSpace(text[i]); i++)
            if (text[i] is '\f' or '\u2029')
                pages++;
            else if (text[i] is '\n' or '\u0085' or '\u2028' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                lines++;
        isEnd = pages > 0 || lines > 1;
        return i;
    }

    private static int AfterStops(string text, int first, out bool isEnd)
    {
        var stops = Skip(text, first, IsStop);
        var end = Skip(text, stops, static c => Closers.Contains(c, StringComparison.Ordinal));
        isEnd = Ends(text, first, stops, end);
        return end;
    }

    private static bool Ends(string text, int first, int stops, int end)
    {
        if (end == text.Length || WideStops.Contains(text[stops - 1], StringComparison.Ordinal))
            return true;
        if (!char.IsWhiteSpace(text[end]))
            return false;

        var next = Skip(text, end, char.IsWhiteSpace);
        if (next == text.Length)
            return true;
        var isSingleStop = stops - first == 1 && text[first] == '.';
        // 'Really?" she asked', 'well... perhaps': a speech or a pause inside the sentence.
        if (char.IsLower(text[next]) && (end > stops || stops - first > 1 || text[first] == '…'))
            return false;
        return !isSingleStop || end > stops || !IsPartOfWord(text, first, text[next]);
    }

    private static bool IsPartOfWord(string text, int stop, char next)
    {
        var start = stop;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]) && !Openers.Contains(text[start - 1], StringComparison.Ordinal))
            start--;
        var word = text.AsSpan(start, stop - start);
        return Abbreviations.Continues(word, next) || (IsNumber(word) && IsLineStart(text, start));
    }

    // "1." before an item of a list.
    private static bool IsNumber(ReadOnlySpan<char> word) => word.Length is > 0 and <= 3 && !word.ContainsAnyExceptInRange('0', '9');

    private static bool IsLineStart(string text, int i)
    {
        while (i > 0 && text[i - 1] is ' ' or '\t')
            i--;
        return i == 0 || text[i - 1] is '\n' or '\r' or '\f';
    }

    private static bool IsStop(char c) => Stops.Contains(c, StringComparison.Ordinal) || WideStops.Contains(c, StringComparison.Ordinal);

    private static int Skip(string text, int i, Func<char, bool> what)
    {
        while (i < text.Length && what(text[i]))
            i++;
        return i;
    }
}
