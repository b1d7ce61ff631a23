using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace XDistilTorch.Tokenization;

/// <summary>
/// The pieces of a WordPiece tokenizer; a piece's id is its place in the list. Pieces that continue a word begin with <c>##</c>.
/// Compared ordinally, unit by unit. Immutable, and safe to share between threads.
/// </summary>
public sealed class WordPieceVocabulary
{
    /// <summary>What pieces that continue a word begin with.</summary>
    public const string ContinuationPrefix = "##";

    private const int Seed = unchecked((int)0x811C9DC5);

    private readonly char[] text;
    private readonly TextSpan[] entries;
    private readonly Slot[] slots;
    private readonly int shift;
    private readonly string?[] strings;

    private struct Slot
    {
        public int Hash;
        public int Next; // id + 1, 0: empty
    }

    private WordPieceVocabulary(char[] text, TextSpan[] entries)
    {
        this.text = text;
        this.entries = entries;
        strings = new string?[entries.Length];
        var bits = Math.Max(4, 32 - int.LeadingZeroCount(2 * entries.Length));
        slots = new Slot[1 << bits];
        shift = 32 - bits;
    }

    /// <summary>How many pieces.</summary>
    public int Count => entries.Length;

    /// <summary>The longest piece, in UTF-16 units with its prefix.</summary>
    public int LongestPiece { get; private set; }

    /// <summary>The piece of this id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No piece has this id.</exception>
    public string this[int id]
    {
        get
        {
            if ((uint)id >= (uint)entries.Length)
                throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has ids 0 to {entries.Length - 1}.");
            return strings[id] ??= new string(Piece(id));
        }
    }

    /// <summary>The vocabulary of these pieces, in order of their ids.</summary>
    /// <exception cref="TokenizerException">A piece is there twice.</exception>
    public static WordPieceVocabulary Create(IEnumerable<string> pieces)
    {
        var list = pieces.ToList();
        var entries = new TextSpan[list.Count];
        for (int i = 0, at = 0; i < entries.Length; at = entries[i++].End)
            entries[i] = new TextSpan(at, at + list[i].Length);
        if (!TryCreate(string.Concat(list).ToCharArray(), entries, out var vocabulary, out var first, out var second))
            throw new TokenizerException(
                $"The vocabulary has '{list[first]}' twice, with ids {first} and {second}; each piece may be there once. Remove one of them."
            );
        return vocabulary;
    }

    /// <summary>Looks a whole piece up.</summary>
    /// <returns>Whether the vocabulary has it.</returns>
    public bool TryGetId(ReadOnlySpan<char> piece, out int id)
    {
        var hash = StartOfWord;
        foreach (var c in piece)
            hash = Extend(hash, c);
        id = Find(hash, piece, continues: false);
        return id >= 0;
    }

    /// <summary>Builds the table over pieces that lie in one array of characters; tells of the first that is there twice.</summary>
    internal static bool TryCreate(
        char[] text,
        TextSpan[] entries,
        [NotNullWhen(true)] out WordPieceVocabulary? vocabulary,
        out int first,
        out int second
    )
    {
        vocabulary = new WordPieceVocabulary(text, entries);
        if (vocabulary.TryFill(out first, out second))
            return true;
        vocabulary = null;
        return false;
    }

    internal ReadOnlySpan<char> Piece(int id) => text.AsSpan(entries[id].Start, entries[id].Length);

    // The hash of a string is that of its beginning and one more character, so that all beginnings of a word cost one pass.
    internal static int StartOfWord => Seed;

    internal static int Continuation { get; } = Extend(Extend(Seed, '#'), '#');

    internal static int Extend(int hash, char c) => unchecked((hash ^ c) * (int)0x9E3779B1);

    /// <summary>The id of a piece by its hash, -1 if there is none. A continuing piece is given without its prefix.</summary>
    internal int Find(int hash, ReadOnlySpan<char> piece, bool continues)
    {
        var table = slots;
        var mask = table.Length - 1;
        for (var i = (int)((uint)hash >> shift) & mask; ; i = (i + 1) & mask)
        {
            ref readonly var slot = ref table[i];
            if (slot.Next == 0)
                return -1;
            if (slot.Hash == hash && Matches(slot.Next - 1, piece, continues))
                return slot.Next - 1;
        }
    }

    private bool Matches(int id, ReadOnlySpan<char> piece, bool continues)
    {
        var entry = entries[id];
        if (!continues)
            return piece.SequenceEqual(text.AsSpan(entry.Start, entry.Length));
        return entry.Length == piece.Length + 2
            && text[entry.Start] == '#'
            && text[entry.Start + 1] == '#'
            && piece.SequenceEqual(text.AsSpan(entry.Start + 2, entry.Length - 2));
    }

    // Runs once over the whole vocabulary, at start-up: worth compiling well at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryFill(out int first, out int second)
    {
        var mask = slots.Length - 1;
        for (second = 0; second < entries.Length; second++)
        {
            var piece = text.AsSpan(entries[second].Start, entries[second].Length);
            var hash = StartOfWord;
            foreach (var c in piece)
                hash = Extend(hash, c);
            var i = (int)((uint)hash >> shift) & mask;
            for (; slots[i].Next != 0; i = (i + 1) & mask)
                if (slots[i].Hash == hash && Matches(first = slots[i].Next - 1, piece, continues: false))
                    return false;
            slots[i] = new Slot { Hash = hash, Next = second + 1 };
            LongestPiece = Math.Max(LongestPiece, piece.Length);
        }
        first = -1;
        return true;
    }
}
