using XDistilTorch.Tokenization;

namespace XDistilTorch.Windows;

/// <summary>Windows over one text alone, <c>[CLS] text [SEP]</c>, as the fast tokenizers cut a single sequence. The whole text counts as context.</summary>
public static class SingleTextWindows
{
    private const int SpecialTokens = 2;

    /// <summary>The windows of one text, in its order; at least one.</summary>
    /// <param name="tokenizer">Encodes the text.</param>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="options">Null: <see cref="WindowOptions.Default"/>.</param>
    /// <exception cref="WindowException">The text has to be cut, and the stride leaves no room to go on.</exception>
    public static IReadOnlyList<TokenWindow> Build(BertTokenizer tokenizer, string text, WindowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        options ??= WindowOptions.Default;
        var encoding = tokenizer.Encode(
            text,
            new EncodeOptions { AddSpecialTokens = false, SplitSpecialTokens = options.SplitSpecialTokens }
        );
        int room = options.MaxLength - SpecialTokens,
            stride = options.EffectiveStride;
        if (encoding.Length <= room)
            return [Window(tokenizer, encoding, 0, new TextSpan(0, encoding.Length))];
        if (stride >= room)
            throw new WindowException(
                $"The text has {encoding.Length} tokens and windows of {options.MaxLength} have room for {Math.Max(room, 0)}, of which neighbours are to share {stride}. "
                    + "Lower the stride or raise the maximum length.",
                encoding.Length,
                room
            );
        var windows = new List<TokenWindow>();
        foreach (var part in OverlappingParts.Of(encoding.Length, room, stride))
            windows.Add(Window(tokenizer, encoding, windows.Count, part));
        return windows;
    }

    private static TokenWindow Window(BertTokenizer tokenizer, Encoding encoding, int index, TextSpan part) // of the text's tokens
    {
        var range = part.Start..part.End;
        return new TokenWindow
        {
            Index = index,
            Ids = [tokenizer.ClsId, .. encoding.Ids[range], tokenizer.SepId],
            TypeIds = new int[part.Length + SpecialTokens],
            ContextStart = 1,
            ContextEnd = 1 + part.Length,
            Offsets = [default, .. encoding.Offsets[range], default],
            WordIds = [-1, .. encoding.WordIds[range], -1],
            SequenceIds = [-1, .. encoding.SequenceIds[range], -1],
        };
    }
}
