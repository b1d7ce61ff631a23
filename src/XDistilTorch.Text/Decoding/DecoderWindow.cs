using XDistilTorch.Windows;

namespace XDistilTorch.Decoding;

/// <summary>
/// What a decoder sees of one window: the model's logits for its tokens, and where each token stands in the context.
/// Token 0 is [CLS], whose logits speak for "no answer".
/// </summary>
/// <remarks>The memories are read, never copied; leave them alone until the decoder has returned.</remarks>
public sealed class DecoderWindow
{
    private readonly ReadOnlyMemory<bool> isContext;
    private readonly ReadOnlyMemory<bool> isMaxContext;

    /// <summary>A window whose context tokens stand in a row, as every window of the pair question/context does.</summary>
    /// <param name="startLogits">One logit per token; may go on after the last offset (padding).</param>
    /// <param name="endLogits">As many as <paramref name="startLogits"/>.</param>
    /// <param name="offsets">Each token's place in the context, UTF-16; entries outside the context are never read.</param>
    /// <param name="contextStart">First token of the context.</param>
    /// <param name="contextEnd">The token after the context's last; equal to <paramref name="contextStart"/> when there is none.</param>
    /// <param name="isMaxContext">
    /// One flag per offset, whether an answer may start there: the token has more context around it here than in any other window
    /// (Google's <c>token_is_max_context</c>). Empty: anywhere.
    /// </param>
    /// <exception cref="ArgumentException">Lengths or token positions do not fit together.</exception>
    public DecoderWindow(
        ReadOnlyMemory<float> startLogits,
        ReadOnlyMemory<float> endLogits,
        ReadOnlyMemory<TextSpan> offsets,
        int contextStart,
        int contextEnd,
        ReadOnlyMemory<bool> isMaxContext = default
    )
        : this(startLogits, endLogits, offsets, contextStart, contextEnd, default, isMaxContext) { }

    private DecoderWindow(
        ReadOnlyMemory<float> startLogits,
        ReadOnlyMemory<float> endLogits,
        ReadOnlyMemory<TextSpan> offsets,
        int contextStart,
        int contextEnd,
        ReadOnlyMemory<bool> isContext,
        ReadOnlyMemory<bool> isMaxContext
    )
    {
        Check(startLogits.Length, endLogits.Length, offsets.Length, isMaxContext.Length);
        if (contextStart < 0 || contextEnd < contextStart || contextEnd > offsets.Length)
            throw new ArgumentException(
                $"the context is tokens {contextStart}..{contextEnd} of a window with {offsets.Length} offsets; expected 0 <= start <= end <= offsets."
            );

        StartLogits = startLogits;
        EndLogits = endLogits;
        Offsets = offsets;
        ContextStart = contextStart;
        ContextEnd = contextEnd;
        this.isContext = isContext;
        this.isMaxContext = isMaxContext;
    }

    /// <summary>The start logit of each token.</summary>
    public ReadOnlyMemory<float> StartLogits { get; }

    /// <summary>The end logit of each token.</summary>
    public ReadOnlyMemory<float> EndLogits { get; }

    /// <summary>Each token's place in the context, UTF-16; meaningful for tokens of the context only.</summary>
    public ReadOnlyMemory<TextSpan> Offsets { get; }

    /// <summary>First token of the context.</summary>
    public int ContextStart { get; }

    /// <summary>The token after the context's last.</summary>
    public int ContextEnd { get; }

    /// <summary>
    /// The word of each offset's token, as <see cref="TokenWindow.WordIds"/>; the <c>pipeline</c> decoder widens answers to whole words with it.
    /// Empty: not known, and nothing is widened.
    /// </summary>
    /// <exception cref="ArgumentException">Not one entry for each offset.</exception>
    public ReadOnlyMemory<int> WordIds
    {
        get;
        init =>
            field =
                value.Length == 0 || value.Length == Offsets.Length
                    ? value
                    : throw new ArgumentException($"{value.Length} word ids for {Offsets.Length} offsets; expected one each, or none.");
    }

    /// <summary>
    /// Tokens outside the context, other than token 0, where the question spells [CLS] out: the <c>pipeline</c> reference lets answers start
    /// and end there. The other decoders never look at them.
    /// </summary>
    public IReadOnlyList<int> SpelledClassTokens { get; init; } = [];

    /// <summary>A window of the tokenizer with its logits; serves every decoder.</summary>
    /// <param name="window">The window as it went into the model.</param>
    /// <param name="startLogits">One logit per token; may go on after the last token (padding).</param>
    /// <param name="endLogits">As many as <paramref name="startLogits"/>.</param>
    /// <param name="classTokenId">The id of [CLS].</param>
    /// <exception cref="ArgumentException">Fewer logits than tokens, or not as many of both.</exception>
    public static DecoderWindow FromTokens(
        TokenWindow window,
        ReadOnlyMemory<float> startLogits,
        ReadOnlyMemory<float> endLogits,
        int classTokenId
    )
    {
        ArgumentNullException.ThrowIfNull(window);
        return new DecoderWindow(startLogits, endLogits, window.Offsets, window.ContextStart, window.ContextEnd)
        {
            WordIds = window.WordIds,
            SpelledClassTokens = FindSpelled(window, classTokenId),
        };
    }

    /// <summary>A window in the form of the reference's <c>offset_mapping</c>: null wherever a token is not of the context, in any pattern.</summary>
    /// <inheritdoc cref="DecoderWindow(ReadOnlyMemory{float}, ReadOnlyMemory{float}, ReadOnlyMemory{TextSpan}, int, int, ReadOnlyMemory{bool})"/>
    public static DecoderWindow FromMapping(
        ReadOnlyMemory<float> startLogits,
        ReadOnlyMemory<float> endLogits,
        ReadOnlySpan<TextSpan?> offsets,
        ReadOnlyMemory<bool> isMaxContext = default
    )
    {
        var places = new TextSpan[offsets.Length];
        var isContext = new bool[offsets.Length];
        for (var token = 0; token < offsets.Length; token++)
        {
            places[token] = offsets[token].GetValueOrDefault();
            isContext[token] = offsets[token].HasValue;
        }

        var first = Math.Max(Array.IndexOf(isContext, true), 0);
        var end = Array.LastIndexOf(isContext, true) + 1;
        return new DecoderWindow(startLogits, endLogits, places, first, Math.Max(end, first), isContext, isMaxContext);
    }

    /// <summary>Whether an answer may start at this token.</summary>
    public bool MayStart(int token) => IsContext(token) && (isMaxContext.IsEmpty || isMaxContext.Span[token]);

    /// <summary>Whether an answer may end with this token.</summary>
    public bool MayEnd(int token) => IsContext(token);

    /// <summary>Whether all tokens from <see cref="ContextStart"/> to <see cref="ContextEnd"/> are of the context.</summary>
    internal bool IsGapless => isContext.IsEmpty;

    /// <summary>The place in the context of the tokens from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    internal TextSpan Place(int start, int end) => new(Offsets.Span[start].Start, Offsets.Span[end].End);

    /// <summary>Whether the token is one of the context.</summary>
    internal bool IsContext(int token) => token >= ContextStart && token < ContextEnd && (isContext.IsEmpty || isContext.Span[token]);

    private static IReadOnlyList<int> FindSpelled(TokenWindow window, int classTokenId)
    {
        // As a rule the only one is token 0.
        if (window.Ids.AsSpan(1).IndexOf(classTokenId) < 0)
            return [];
        return
        [
            .. Enumerable
                .Range(1, window.Length - 1)
                .Where(token => window.Ids[token] == classTokenId && (token < window.ContextStart || token >= window.ContextEnd)),
        ];
    }

    private static void Check(int startLogits, int endLogits, int offsets, int isMaxContext)
    {
        if (startLogits == 0 || startLogits != endLogits)
            throw new ArgumentException(
                $"{startLogits} start logits and {endLogits} end logits; expected as many of both, and at least that of [CLS]."
            );
        if (offsets > startLogits)
            throw new ArgumentException($"{offsets} offsets for {startLogits} logits; expected a logit for every offset.");
        if (isMaxContext != 0 && isMaxContext != offsets)
            throw new ArgumentException($"{isMaxContext} max-context flags for {offsets} offsets; expected one each, or none.");
    }
}
