using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace XDistilTorch.Tokenization;

// What Microsoft.ML.Tokenizers.Tokenizer asks of a tokenizer.
public sealed partial class BertTokenizer
{
    /// <inheritdoc/>
    public override Normalizer Normalizer => normalizer;

    /// <inheritdoc/>
    public override PreTokenizer PreTokenizer => preTokenizer;

    /// <inheritdoc cref="Decode(IEnumerable{int}, bool)"/>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false);

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        idsConsumed = charsWritten = 0;
        foreach (var piece in Decoded(ids))
        {
            if (!piece.TryCopyTo(destination[charsWritten..]))
                return OperationStatus.DestinationTooSmall;
            charsWritten += piece.Length;
            idsConsumed++;
        }
        return OperationStatus.Done;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (text is not null)
            textSpan = text;
        var encoder = Encode(textSpan, settings);
        try
        {
            var taken = FittingFromStart(encoder.Tokens, textSpan, settings.MaxTokenCount);
            var tokens = new EncodedToken[taken];
            for (var i = 0; i < taken; i++)
            {
                var (start, end) = encoder.Tokens.Place(i);
                tokens[i] = new EncodedToken(encoder.Tokens.Id(i), Vocabulary[encoder.Tokens.Id(i)], start..end);
            }
            return new() { Tokens = tokens, CharsConsumed = IndexAfter(encoder.Tokens, taken, textSpan.Length) };
        }
        finally
        {
            encoder.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (text is not null)
            textSpan = text;
        var encoder = Encode(textSpan, settings);
        try
        {
            var taken = FittingFromStart(encoder.Tokens, textSpan, settings.MaxTokenCount);
            var ids = new int[taken];
            for (var i = 0; i < taken; i++)
                ids[i] = encoder.Tokens.Id(i);
            return new() { Tokens = ids, CharsConsumed = IndexAfter(encoder.Tokens, taken, textSpan.Length) };
        }
        finally
        {
            encoder.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (text is not null)
            textSpan = text;
        var encoder = Encode(textSpan, settings);
        try
        {
            return FittingFromStart(encoder.Tokens, textSpan, settings.MaxTokenCount);
        }
        finally
        {
            encoder.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(
        string? text,
        ReadOnlySpan<char> textSpan,
        EncodeSettings settings,
        bool fromEnd,
        out string? normalizedText,
        out int tokenCount
    )
    {
        if (text is not null)
            textSpan = text;
        normalizedText = null; // the index is one into the original text
        var encoder = Encode(textSpan, settings);
        try
        {
            if (!fromEnd)
            {
                tokenCount = FittingFromStart(encoder.Tokens, textSpan, settings.MaxTokenCount);
                return IndexAfter(encoder.Tokens, tokenCount, textSpan.Length);
            }
            var first = FirstFittingFromEnd(encoder.Tokens, textSpan, settings.MaxTokenCount);
            tokenCount = encoder.Tokens.Count - first;
            return first == 0 ? 0
                : tokenCount == 0 ? textSpan.Length
                : encoder.Tokens.Place(first).Start;
        }
        finally
        {
            encoder.Dispose();
        }
    }

    private TextEncoder Encode(ReadOnlySpan<char> text, EncodeSettings settings)
    {
        var table = settings.ConsiderNormalization ? characters : BertPreTokenizer.Characters;
        var encoder = new TextEncoder(table, normalizer, Model, text);
        if (settings.ConsiderPreTokenization)
            encoder.Append(0, text.Length);
        else
            encoder.AppendWhole(settings.ConsiderNormalization ? normalizer.NormalizeInSteps(text, 0) : AsItIs(text));
        return encoder;
    }

    private static List<NormalizedCharacter> AsItIs(ReadOnlySpan<char> text)
    {
        var characters = new List<NormalizedCharacter>(text.Length);
        for (int i = 0, units; i < text.Length; i += units)
            characters.Add(new(CodePoints.At(text, i, out units), new TextSpan(i, i + units)));
        return characters;
    }

    // A cut never goes through a character: tokens that share one (the jamo of a Hangul syllable) stay together.
    private static int FittingFromStart(in TokenBuffer tokens, ReadOnlySpan<char> text, int limit)
    {
        var count = Math.Min(limit, tokens.Count);
        while (
            count > 0
            && count < tokens.Count
            && (tokens.Place(count).Start < tokens.Place(count - 1).End || IsAmongMarks(text, tokens.Place(count - 1).End))
        )
            count--;
        return count;
    }

    // Nor, from the end, through a word: its rest alone might be spelled with more pieces.
    private static int FirstFittingFromEnd(in TokenBuffer tokens, ReadOnlySpan<char> text, int limit)
    {
        var first = Math.Max(0, tokens.Count - limit);
        while (
            first > 0
            && first < tokens.Count
            && (tokens.Word(first) == tokens.Word(first - 1) || IsAmongMarks(text, tokens.Place(first).Start))
        )
            first++;
        return first;
    }

    // Marks in a row may change places when they are put in order, so that a token's place may be that of another mark. A cut between them would part it from its own.
    private static bool IsAmongMarks(ReadOnlySpan<char> text, int index)
    {
        int after = index,
            before = index;
        while (after < text.Length && BertNormalizer.IsDropped(CodePoints.At(text, after, out var units)))
            after += units;
        while (before > 0 && BertNormalizer.IsDropped(CodePoints.Before(text, before, out var units)))
            before -= units;
        return before > 0
            && after < text.Length
            && BertUnicode.CombiningClass(CodePoints.At(text, after, out _)) != 0
            && BertUnicode.CombiningClass(CodePoints.Before(text, before, out _)) != 0;
    }

    private static int IndexAfter(in TokenBuffer tokens, int count, int textLength) =>
        count == tokens.Count ? textLength
        : count == 0 ? 0
        : tokens.Place(count - 1).End;
}
