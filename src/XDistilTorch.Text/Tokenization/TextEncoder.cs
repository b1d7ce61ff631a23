using System.Buffers;

namespace XDistilTorch.Tokenization;

/// <summary>
/// One pass over a text: characters are normalised by table and gathered into words, each word is split into pieces, and every
/// piece keeps the place in the original text of the characters it came from. For one text on one thread; the arrays are rented.
/// </summary>
internal ref struct TextEncoder
{
    private readonly CharacterTable table;
    private readonly BertNormalizer normalizer;
    private readonly WordPieceModel model;
    private readonly WordPieceVocabulary vocabulary;
    private readonly ReadOnlySpan<char> text;

    private readonly char[] rentedWord;
    private readonly int[] rentedScratch;
    private readonly Span<char> word; // the word so far, normalised
    private readonly Span<int> starts; // where in the text each of its units came from
    private readonly Span<int> ends;
    private readonly Span<int> hashes; // for the model
    private readonly Span<int> pieces;
    private readonly Span<int> pieceEnds;
    private int length; // units in word
    private int codePoints; // of the word, those beyond the limit included
    private int wordEnd; // in the text
    private int words;

    public TextEncoder(CharacterTable table, BertNormalizer normalizer, WordPieceModel model, ReadOnlySpan<char> text)
    {
        this.table = table;
        this.normalizer = normalizer;
        this.model = model;
        this.text = text;
        vocabulary = model.Vocabulary;
        var capacity = 2 * model.MaxWordLength;
        word = rentedWord = ArrayPool<char>.Shared.Rent(capacity);
        rentedScratch = ArrayPool<int>.Shared.Rent(5 * capacity);
        starts = rentedScratch.AsSpan(0, capacity);
        ends = rentedScratch.AsSpan(capacity, capacity);
        hashes = rentedScratch.AsSpan(2 * capacity, capacity);
        pieces = rentedScratch.AsSpan(3 * capacity, capacity);
        pieceEnds = rentedScratch.AsSpan(4 * capacity, capacity);
        Tokens = new TokenBuffer(text.Length / 3 + 16);
    }

    /// <summary>What was found so far. A field: it is written through.</summary>
    public TokenBuffer Tokens;

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(rentedWord);
        ArrayPool<int>.Shared.Return(rentedScratch);
        Tokens.Dispose();
    }

    /// <summary>Adds a token that stands for a stretch of the text as a whole.</summary>
    public void AppendSpecial(int id, int start, int end) => Tokens.Add(id, start, end, words++);

    /// <summary>Adds the tokens of a stretch of the text, in UTF-16 units.</summary>
    public void Append(int start, int end)
    {
        int tokensBefore = Tokens.Count,
            wordsBefore = words;
        if (!TryAppendByTable(start, end))
        {
            Tokens.Truncate(tokensBefore);
            words = wordsBefore;
            length = codePoints = 0;
            AppendInOrder(start, end);
        }
        EndWord();
    }

    /// <summary>Adds characters as one single word: nothing is split off.</summary>
    public void AppendWhole(List<NormalizedCharacter> normalized)
    {
        foreach (var (c, place) in normalized)
            Push(c, place.Start, place.End);
        EndWord();
    }

    private bool TryAppendByTable(int start, int end)
    {
        var ascii = table.Ascii;
        for (var i = start; i < end; )
        {
            var c = text[i];
            if (c >= 128)
            {
                if (!TryAppendNonAscii(ref i, end))
                    return false;
                continue;
            }
            int folded = ascii[c];
            if (folded >= CharacterTable.WordFlag)
            {
                if (length == 0)
                    i = AppendAsciiWord(i, end);
                else
                    Push(folded - CharacterTable.WordFlag, i, ++i);
                continue;
            }
            if (folded == (int)CharacterKind.Punctuation)
                AppendAlone(c, i, i + 1);
            else if (folded == (int)CharacterKind.Space)
                EndWord();
            i++;
        }
        return true;
    }

    // A word of ASCII letters and digits lies in the text as it lies in the buffer: no places to keep, and its hash is ready when it ends.
    private int AppendAsciiWord(int start, int end)
    {
        var ascii = table.Ascii;
        var hash = WordPieceVocabulary.StartOfWord;
        int i = start,
            limit = Math.Min(end, start + model.MaxWordLength);
        var next = 0;
        for (; i < limit; i++)
        {
            next = text[i] < 128 ? ascii[text[i]] : 0;
            if (next < CharacterTable.WordFlag)
                break;
            var c = (char)(next - CharacterTable.WordFlag);
            word[i - start] = c;
            hash = WordPieceVocabulary.Extend(hash, c);
        }
        if (i == end || next is (int)CharacterKind.Space or (int)CharacterKind.Punctuation)
        {
            EmitAsciiWord(start, i - start, hash);
            return i;
        }
        // The word goes on with something else; from here on places are kept.
        length = codePoints = i - start;
        wordEnd = i;
        for (var k = start; k < i; k++)
            (starts[k - start], ends[k - start]) = (k, k + 1);
        return i;
    }

    private void EmitAsciiWord(int start, int count, int hash)
    {
        ReadOnlySpan<char> whole = word[..count];
        var id = vocabulary.Find(hash, whole, continues: false);
        if (id >= 0)
        {
            Tokens.Add(id, start, start + count, words++);
            return;
        }
        var n = model.Split(whole, hashes, pieces, pieceEnds);
        if (n == 0)
            Tokens.Add(model.UnknownId, start, start + count, words);
        for (int k = 0, from = 0; k < n; from = pieceEnds[k++])
            Tokens.Add(pieces[k], start + from, start + pieceEnds[k], words);
        words++;
    }

    private bool TryAppendNonAscii(ref int i, int end)
    {
        int start = i,
            c = CodePoints.At(text[..end], start, out var units);
        i = end = start + units;
        switch (table.Of(c, out var value))
        {
            case CharacterKind.Keep:
                Push(c, start, end);
                break;
            case CharacterKind.One:
                Push(value, start, end);
                break;
            case CharacterKind.Space:
                EndWord();
                break;
            case CharacterKind.Punctuation:
                AppendAlone(c, start, end);
                break;
            case CharacterKind.Ideograph:
                AppendAlone(value == 0 ? c : value, start, end);
                break;
            case CharacterKind.Many:
                AppendSequence(value, start, end);
                break;
            case CharacterKind.Hangul:
                Span<int> jamo = stackalloc int[3];
                foreach (var part in jamo[..HangulSyllables.Decompose(c, jamo)])
                    Push(part, start, end);
                break;
            case CharacterKind.NeedsOrder:
                return false;
        }
        return true;
    }

    private void AppendSequence(int at, int start, int end)
    {
        foreach (var part in table.Sequences.AsSpan(at + 1, table.Sequences[at]))
            if ((part & CharacterTable.PunctuationFlag) != 0)
                AppendAlone(part & ~CharacterTable.PunctuationFlag, start, end);
            else
                Push(part, start, end);
    }

    private void AppendInOrder(int start, int end)
    {
        foreach (var (c, place) in normalizer.NormalizeInSteps(text[start..end], start))
            if (c == ' ')
                EndWord();
            else if (BertUnicode.IsPunctuation(c))
                AppendAlone(c, place.Start, place.End);
            else
                Push(c, place.Start, place.End);
    }

    private void AppendAlone(int codePoint, int start, int end)
    {
        EndWord();
        Push(codePoint, start, end);
        EndWord();
    }

    private void Push(int codePoint, int start, int end)
    {
        wordEnd = end;
        if (++codePoints > model.MaxWordLength)
            return; // too long to be split: only its two ends matter now
        for (var units = CodePoints.Write(codePoint, word[length..]); units > 0; units--, length++)
            (starts[length], ends[length]) = (start, end);
    }

    private void EndWord()
    {
        if (codePoints == 0)
            return;
        var n = codePoints > model.MaxWordLength ? 0 : model.Split(word[..length], hashes, pieces, pieceEnds);
        if (n == 0)
            Tokens.Add(model.UnknownId, starts[0], wordEnd, words);
        for (int k = 0, from = 0; k < n; from = pieceEnds[k++])
            Tokens.Add(pieces[k], starts[from], ends[pieceEnds[k] - 1], words);
        words++;
        length = codePoints = 0;
    }
}
