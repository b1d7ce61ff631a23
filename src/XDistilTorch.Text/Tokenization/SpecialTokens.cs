using System.Buffers;

namespace XDistilTorch.Tokenization;

/// <summary>A special token and its id.</summary>
internal sealed record SpecialToken(string Token, int Id);

/// <summary>Finds special tokens that a text spells out.</summary>
internal sealed class SpecialTokens
{
    private readonly List<SpecialToken> longestFirst = [];
    private readonly Lazy<SearchValues<string>> search; // few texts are searched, and building it takes a while

    /// <param name="vocabulary">Gives the ids; tokens that it lacks are left out.</param>
    /// <param name="tokens">The special tokens.</param>
    public SpecialTokens(WordPieceVocabulary vocabulary, IEnumerable<string> tokens)
    {
        foreach (var token in tokens)
            if (!longestFirst.Exists(s => s.Token == token) && vocabulary.TryGetId(token, out var id))
                longestFirst.Add(new SpecialToken(token, id));
        longestFirst.Sort((a, b) => b.Token.Length.CompareTo(a.Token.Length));
        search = new(() => SearchValues.Create([.. longestFirst.Select(s => s.Token)], StringComparison.Ordinal));
    }

    public bool Contains(int id) => longestFirst.Exists(s => s.Id == id);

    /// <summary>The first special token in a text, of those that begin there the longest; null if there is none.</summary>
    public SpecialToken? Find(ReadOnlySpan<char> text, out int index)
    {
        index = text.IndexOfAny(search.Value);
        if (index >= 0)
            foreach (var special in longestFirst)
                if (text[index..].StartsWith(special.Token, StringComparison.Ordinal))
                    return special;
        return null;
    }
}
