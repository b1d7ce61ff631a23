namespace XDistilTorch.Tokenization;

/// <summary>
/// The tokens of one text or of a pair of texts, T of them. All arrays have T entries, one per token, in the order in which the model reads them;
/// they belong to this object, which is otherwise immutable.
/// </summary>
public sealed class Encoding
{
    private readonly WordPieceVocabulary vocabulary;
    private string[]? tokens;
    private int[]? specialTokensMask;

    internal Encoding(WordPieceVocabulary vocabulary, string text, string? pair, int length)
    {
        this.vocabulary = vocabulary;
        Text = text;
        Pair = pair;
        Ids = new int[length];
        TypeIds = new int[length];
        Offsets = new TextSpan[length];
        WordIds = new int[length];
        SequenceIds = new int[length];
    }

    /// <summary>The first text, as it was given.</summary>
    public string Text { get; }

    /// <summary>The second text, as it was given; null for a single text.</summary>
    public string? Pair { get; }

    /// <summary>How many tokens, T.</summary>
    public int Length => Ids.Length;

    /// <summary>Vocabulary ids.</summary>
    public int[] Ids { get; }

    /// <summary>0 in the first segment with its special tokens, 1 in the second.</summary>
    public int[] TypeIds { get; }

    /// <summary>
    /// Each token's place in the ORIGINAL text of its sequence, in UTF-16 units, so that <c>Offsets[i].Of(Text)</c> is what was written there;
    /// (0, 0) for added special tokens. Starts and ends never go down within a sequence, and several tokens may share one character.
    /// </summary>
    public TextSpan[] Offsets { get; }

    /// <summary>The word each token belongs to, counted from 0 in each sequence; -1 for added special tokens.</summary>
    public int[] WordIds { get; }

    /// <summary>0 for tokens of the first text, 1 for those of the second, -1 for added special tokens.</summary>
    public int[] SequenceIds { get; }

    /// <summary>1 for added special tokens, 0 for tokens of the texts (also where a text spells a special token out).</summary>
    public int[] SpecialTokensMask => specialTokensMask ??= Array.ConvertAll(SequenceIds, sequence => sequence < 0 ? 1 : 0);

    /// <summary>The vocabulary's entry for each token, <c>##</c> kept.</summary>
    public IReadOnlyList<string> Tokens => tokens ??= Array.ConvertAll(Ids, id => vocabulary[id]);

    /// <summary>
    /// <see cref="Offsets"/> counted in Unicode code points, as Python and SQuAD's <c>answer_start</c> count; a lone surrogate counts as one.
    /// One pass over the texts.
    /// </summary>
    public (int Start, int End)[] GetCodePointOffsets()
    {
        var converted = new (int Start, int End)[Length];
        // Two cursors a sequence: starts never go down and ends never go down, but a start may lie before the last end.
        Span<CodePointCursor> cursors = [new(Text), new(Text), new(Pair ?? ""), new(Pair ?? "")];
        for (var i = 0; i < Length; i++)
            if (SequenceIds[i] >= 0)
                converted[i] = (cursors[2 * SequenceIds[i]].To(Offsets[i].Start), cursors[2 * SequenceIds[i] + 1].To(Offsets[i].End));
        return converted;
    }

    internal void SetSpecial(int at, int id, int typeId)
    {
        Ids[at] = id;
        TypeIds[at] = typeId;
        WordIds[at] = SequenceIds[at] = -1;
    }

    internal void SetSequence(int at, in TokenBuffer tokens, int sequence)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            Ids[at + i] = tokens.Id(i);
            Offsets[at + i] = tokens.Place(i);
            WordIds[at + i] = tokens.Word(i);
        }
        if (sequence == 0)
            return; // arrays begin as zeros
        TypeIds.AsSpan(at, tokens.Count).Fill(sequence);
        SequenceIds.AsSpan(at, tokens.Count).Fill(sequence);
    }

    private struct CodePointCursor(string text)
    {
        private int index;
        private int passed;

        /// <summary>How many code points lie before a UTF-16 index; indices may not go down.</summary>
        public int To(int target)
        {
            while (index < target)
            {
                CodePoints.At(text, index, out var units);
                index += units;
                passed++;
            }
            return passed;
        }
    }
}
