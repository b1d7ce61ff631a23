namespace XDistilTorch.Evaluation;

/// <summary>By what questions are grouped. Lengths count what stands between white space; of several gold answers the first counts.</summary>
internal static class QuestionGroups
{
    private static readonly string[] Words = ["who", "what", "when", "where", "why", "how", "which"];
    private static readonly LengthBands AnswerBands = new(1, 2, 3, 5, 10);
    private static readonly LengthBands ContextBands = new(50, 100, 150, 200, 300, 500);
    private static readonly LengthBands WindowBands = new(1, 2, 3, 7, 15);

    /// <summary>All breakdowns that can be made of these questions.</summary>
    public static IReadOnlyList<Breakdown> Of(IReadOnlyList<QuestionOutcome> outcomes)
    {
        // Questions about one text share one string: each is counted once.
        var bandOf = new Dictionary<object, GroupKey>(ReferenceEqualityComparer.Instance);
        foreach (var outcome in outcomes)
            if (!bandOf.ContainsKey(outcome.Row.Context))
                bandOf.Add(outcome.Row.Context, ContextBands.Of(CountWords(outcome.Row.Context)));
        var all = new List<Breakdown>
        {
            Breakdown.Of("question_word", outcomes, outcome => QuestionWord(outcome.Row.Question)),
            Breakdown.Of("answer_length", outcomes, AnswerLength),
            Breakdown.Of("context_length", outcomes, outcome => bandOf[outcome.Row.Context]),
        };
        if (outcomes.All(outcome => outcome.Windows is not null))
            all.Add(Breakdown.Of("windows", outcomes, outcome => WindowBands.Of(outcome.Windows!.Value)));
        return all;
    }

    /// <summary>The first question word that occurs, wherever it stands ("In which year ..."); whom and whose count as who.</summary>
    public static GroupKey QuestionWord(string question)
    {
        for (var i = 0; i < question.Length; )
        {
            var length = WordLength(question, i);
            if (length > 0 && IndexOf(question.AsSpan(i, length)) is var found and >= 0)
                return new(found, Words[found]);
            i += Math.Max(length, 1);
        }
        return new(Words.Length, "other");
    }

    private static int WordLength(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
            end++;
        return end - start;
    }

    private static int IndexOf(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Words.Length; i++)
            if (word.Equals(Words[i], StringComparison.OrdinalIgnoreCase))
                return i;
        return word.Equals("whom", StringComparison.OrdinalIgnoreCase) || word.Equals("whose", StringComparison.OrdinalIgnoreCase) ? 0 : -1;
    }

    private static GroupKey AnswerLength(QuestionOutcome outcome) =>
        outcome.Row.Answers is [var first, ..] ? AnswerBands.Of(CountWords(first.Text)) : new(int.MaxValue, "no answer");

    private static int CountWords(string text)
    {
        var (count, isInside) = (0, false);
        foreach (var c in text)
        {
            var isSpace = char.IsWhiteSpace(c);
            count += !isSpace && !isInside ? 1 : 0;
            isInside = !isSpace;
        }
        return count;
    }
}
