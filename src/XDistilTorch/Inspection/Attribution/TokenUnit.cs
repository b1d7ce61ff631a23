namespace XDistilTorch.Inspection.Attribution;

/// <summary>What is looked at as one: a token, a word, a sentence.</summary>
public enum TokenUnitKind
{
    /// <summary>Every token by itself.</summary>
    Token,

    /// <summary>The pieces of a word together; punctuation marks are words of their own.</summary>
    Word,

    /// <summary>The sentences of the context, and the words of the question.</summary>
    Sentence,
}

/// <summary>Tokens of question or context that are looked at as one.</summary>
/// <param name="Tokens">Which tokens.</param>
/// <param name="InContext">Whether they are of the context; else of the question.</param>
/// <param name="Place">The stretch that they cover, in UTF-16 units of context or question.</param>
public sealed record TokenUnit(TokenSpan Tokens, bool InContext, TextSpan Place)
{
    /// <summary>The positions of its tokens.</summary>
    public IEnumerable<int> Positions => Enumerable.Range(Tokens.First, Tokens.Length);

    /// <summary>The stretch as it stands in the window's context or question.</summary>
    public string TextIn(InspectedWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return Place.Of(InContext ? window.Context : window.Question);
    }

    /// <summary>What an attribution gives to all its tokens together.</summary>
    public double ValueIn(TokenAttribution attribution)
    {
        ArgumentNullException.ThrowIfNull(attribution);
        return Positions.Sum(position => attribution.Values[position]);
    }

    /// <summary>All units of a window in order; special tokens belong to none.</summary>
    public static IReadOnlyList<TokenUnit> Of(InspectedWindow window, TokenUnitKind kind)
    {
        ArgumentNullException.ThrowIfNull(window);
        List<TokenUnit> units = [];
        for (var first = 0; first < window.Length; )
        {
            if (window.Tokens.SequenceIds[first] < 0)
            {
                first++;
                continue;
            }
            var last = LastOf(window, first, kind);
            var place = new TextSpan(window.Tokens.Offsets[first].Start, window.Tokens.Offsets[last].End);
            units.Add(new TokenUnit(new TokenSpan(first, last), window.Tokens.SequenceIds[first] == 1, place));
            first = last + 1;
        }
        return units;
    }

    private static int LastOf(InspectedWindow window, int first, TokenUnitKind kind)
    {
        var tokens = window.Tokens;
        Func<int, bool> belongs = kind switch
        {
            TokenUnitKind.Token => _ => false,
            TokenUnitKind.Sentence when tokens.SequenceIds[first] == 1 => EndsWithin(
                window,
                SentenceFinder.Find(window.Context, tokens.Offsets[first]).End
            ),
            _ => next => tokens.WordIds[next] == tokens.WordIds[first],
        };
        var last = first;
        while (last + 1 < window.Length && tokens.SequenceIds[last + 1] == tokens.SequenceIds[first] && belongs(last + 1))
            last++;
        return last;
    }

    private static Func<int, bool> EndsWithin(InspectedWindow window, int end) => next => window.Tokens.Offsets[next].End <= end;
}
