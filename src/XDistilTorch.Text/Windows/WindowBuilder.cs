using XDistilTorch.Tokenization;

namespace XDistilTorch.Windows;

/// <summary>
/// Cuts a context into overlapping windows, each with the whole question, as the fast tokenizers of Hugging Face do with
/// <c>truncation="only_second"</c> (or <c>"only_first"</c>) and <c>return_overflowing_tokens</c>. An empty context gives one window with both separators, as in the
/// reference's batches. Whether a blank question or context makes sense is for the caller to say.
/// </summary>
public static class WindowBuilder
{
    private const int SpecialTokens = 3;

    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    /// <summary>The windows of a question over a context.</summary>
    /// <param name="tokenizer">Encodes both.</param>
    /// <param name="question">The question; may be empty.</param>
    /// <param name="context">The context; may be empty.</param>
    /// <param name="options">Null: <see cref="WindowOptions.Default"/>.</param>
    /// <returns>At least one window, in the order of the context.</returns>
    /// <exception cref="WindowException">The context has to be cut, and the question leaves no room for it, or no more than the stride.</exception>
    /// <exception cref="ArgumentException">The options fit no text: the stride is negative, or larger than the window without <c>[CLS]</c> and <c>[SEP]</c>.</exception>
    public static IReadOnlyList<TokenWindow> Build(BertTokenizer tokenizer, string question, string context, WindowOptions? options = null)
    {
        options ??= WindowOptions.Default;
        var bare = Bare with { SplitSpecialTokens = options.SplitSpecialTokens };
        return Build(tokenizer, tokenizer.Encode(question, bare), tokenizer.Encode(context, bare), options);
    }

    /// <summary>The windows of a question over a context that is already encoded, for many questions on one context.</summary>
    /// <param name="tokenizer">Gives the special tokens.</param>
    /// <param name="question">The question, encoded alone and without special tokens.</param>
    /// <param name="context">The context, encoded alone and without special tokens.</param>
    /// <param name="options">Null: <see cref="WindowOptions.Default"/>. <see cref="WindowOptions.SplitSpecialTokens"/> is settled already and not looked at.</param>
    /// <inheritdoc cref="Build(BertTokenizer, string, string, WindowOptions?)"/>
    public static IReadOnlyList<TokenWindow> Build(
        BertTokenizer tokenizer,
        Encoding question,
        Encoding context,
        WindowOptions? options = null
    )
    {
        options ??= WindowOptions.Default;
        if (Count(question, context, options) == 1)
            return [Window(tokenizer, question, context, 0, new(0, context.Length), options)];

        var room = Room(question, options);
        var windows = new List<TokenWindow>();
        foreach (var part in OverlappingParts.Of(context.Length, room, options.EffectiveStride))
            windows.Add(Window(tokenizer, question, context, windows.Count, part, options));
        return windows;
    }

    /// <summary>How many windows that makes, without making them: a small stride turns a long text into a window for each of its tokens.</summary>
    /// <inheritdoc cref="Build(BertTokenizer, Encoding, Encoding, WindowOptions?)" path="/param[@name='question' or @name='context' or @name='options']"/>
    /// <exception cref="WindowException">The context has to be cut, and the question leaves no room for it, or no more than the stride.</exception>
    public static int Count(Encoding question, Encoding context, WindowOptions? options = null)
    {
        options ??= WindowOptions.Default;
        RequireBare(question, nameof(question));
        RequireBare(context, nameof(context));
        RequireFittingOptions(options);
        var room = Room(question, options);
        if (context.Length <= room)
            return 1;
        RequireRoom(room, question.Length, context.Length, options);
        return OverlappingParts.Count(context.Length, room, options.EffectiveStride);
    }

    private static int Room(Encoding question, WindowOptions options) => options.MaxLength - SpecialTokens - question.Length;

    // The reference looks at the room only when the context has to be cut, so that odd settings pass as long as all fits.
    private static void RequireRoom(int room, int questionLength, int contextLength, WindowOptions options)
    {
        var stride = options.EffectiveStride;
        if (room > stride)
            return;
        var longest = Math.Max(options.MaxLength - SpecialTokens - 1 - stride, 0);
        var allowance = longest > 0 ? $"a question may have {longest}" : "there is no room for any question";
        var finding = room < 1 ? $"no room for the context of {contextLength}" : $"room for {room} of the context's {contextLength}";
        throw new WindowException(
            $"The question has {questionLength} tokens and leaves {finding}; in windows of {options.MaxLength} tokens, {SpecialTokens} of them special, "
                + $"of which neighbours share {stride}, {allowance}. Shorten the question, lower the stride or raise the maximum length.",
            questionLength,
            longest
        );
    }

    private static void RequireFittingOptions(WindowOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxLength, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.EffectiveStride, nameof(options));
        // [CLS] and one [SEP], as the reference counts here.
        if (options.EffectiveStride > options.MaxLength - 2)
            throw new ArgumentException(
                $"The stride is {options.EffectiveStride} tokens, but windows of {options.MaxLength} hold at most {options.MaxLength - 2} beside special "
                    + "tokens. Lower the stride or raise the maximum length.",
                nameof(options)
            );
    }

    private static void RequireBare(Encoding encoding, string name)
    {
        if (encoding.Pair is not null || encoding.SequenceIds.AsSpan().Contains(-1))
            throw new ArgumentException(
                "The encoding has special tokens or a second text; expected one text with AddSpecialTokens = false.",
                name
            );
    }

    private static TokenWindow Window(
        BertTokenizer tokenizer,
        Encoding question,
        Encoding context,
        int index,
        TextSpan part, // of the context's tokens
        WindowOptions options
    )
    {
        var length = question.Length + part.Length + SpecialTokens;
        var (questionStart, contextStart) = options.ContextFirst ? (part.Length + 2, 1) : (1, question.Length + 2);
        var secondStart = Math.Max(questionStart, contextStart);
        var window = new TokenWindow
        {
            Index = index,
            Ids = new int[length],
            TypeIds = new int[length],
            ContextStart = contextStart,
            ContextEnd = contextStart + part.Length,
            Offsets = new TextSpan[length],
            WordIds = new int[length],
            SequenceIds = new int[length],
        };
        Copy(question, new(0, question.Length), window, questionStart);
        Copy(context, part, window, contextStart);
        window.TypeIds.AsSpan(secondStart).Fill(1);
        window.SequenceIds.AsSpan(secondStart).Fill(1);
        foreach (var (at, id) in new[] { (0, tokenizer.ClsId), (secondStart - 1, tokenizer.SepId), (length - 1, tokenizer.SepId) })
        {
            window.Ids[at] = id;
            window.WordIds[at] = window.SequenceIds[at] = -1;
        }
        return window;
    }

    private static void Copy(Encoding from, TextSpan part, TokenWindow window, int at)
    {
        from.Ids.AsSpan(part.Start, part.Length).CopyTo(window.Ids.AsSpan(at));
        from.Offsets.AsSpan(part.Start, part.Length).CopyTo(window.Offsets.AsSpan(at));
        from.WordIds.AsSpan(part.Start, part.Length).CopyTo(window.WordIds.AsSpan(at));
    }
}
