using System.Buffers;

namespace XDistilTorch.Tokenization;

/// <summary>
/// One pass over a text: characters are normalised by table and gathered into words, each word is split into pieces, and every
/// piece keeps the place in the original text of the characters it came from. For one text on one thread; the arrays are rented.
/// </summary>
internal ref struct TextEncoder
{
    private const int WordFlag = 256; // as in CharacterTable.Ascii

    private readonly CharacterTable table;
    private readonly BertNormalizer normalizer;
    private readonly WordPieceModel model;
    private readonly WordPieceVocabulary vocabulary;
    private readonly ReadOnlySpan<char> text;

    private readonly char[] word; // the word so far, normalised
    private readonly TextSpan[] places; // where in the text each of its units came from
    private readonly uint[] hashes;
    private readonly (int Id, int End)[] pieces;
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
        word = ArrayPool<char>.Shared.Rent(capacity);
        places = ArrayPool<TextSpan>.Shared.Rent(capacity);
        hashes = ArrayPool<uint>.Shared.Rent(capacity);
        pieces = ArrayPool<(int, int)>.Shared.Rent(capacity);
        Tokens = new TokenBuffer(text.Length / 3 + 16);
    }

    /// <summary>What was found so far. A field: it is written through.</summary>
    public TokenBuffer Tokens;

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(word);
        ArrayPool<TextSpan>.Shared.Return(places);
        ArrayPool<uint>.Shared.Return(hashes);
        ArrayPool<(int, int)>.Shared.Return(pieces);
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
            if (folded >= WordFlag)
            {
                if (length == 0)
                    i = AppendAsciiWord(i, end);
                else
                    Push(folded - WordFlag, i, ++i);
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
            if (next < WordFlag)
                break;
            var c = (char)(next - WordFlag);
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
            places[k - start] = new TextSpan(k, k + 1);
        return i;
    }

    private void EmitAsciiWord(int start, int count, uint hash)
    {
        ReadOnlySpan<char> whole = word.AsSpan(0, count);
        var id = vocabulary.Find(hash, whole, continues: false);
        if (id >= 0)
        {
            Tokens.Add(id, start, start + count, words++);
            return;
        }
        var n = model.Split(whole, hashes, pieces);
        if (n == 0)
            Tokens.Add(model.UnknownId, start, start + count, words);
        for (int k = 0, from = 0; k < n; from = pieces[k++].End)
            Tokens.Add(pieces[k].Id, start + from, start + pieces[k].End, words);
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
            else if (CharacterTable.IsPunctuation(c))
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
        var units = CodePoints.Write(codePoint, word.AsSpan(length));
        places.AsSpan(length, units).Fill(new TextSpan(start, end));
        length += units;
    }

    private void EndWord()
    {
        if (codePoints == 0)
            return;
        var n = codePoints > model.MaxWordLength ? 0 : model.Split(word.AsSpan(0, length), hashes, pieces);
        if (n == 0)
            Tokens.Add(model.UnknownId, places[0].Start, wordEnd, words);
        for (int k = 0, from = 0; k < n; from = pieces[k++].End)
            Tokens.Add(pieces[k].Id, places[from].Start, places[pieces[k].End - 1].End, words);
        words++;
        length = codePoints = 0;
    }
}
