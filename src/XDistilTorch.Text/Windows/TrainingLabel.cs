namespace XDistilTorch.Windows;

/// <summary>What a model is trained to answer in one window: the positions of the answer's first and last token, or twice that of <c>[CLS]</c> for none.</summary>
/// <param name="Start">Position in the window of the first token.</param>
/// <param name="End">Position in the window of the last token, which belongs to the answer.</param>
public readonly record struct TrainingLabel(int Start, int End)
{
    /// <summary>No answer: <c>[CLS]</c>, which is every window's first token.</summary>
    public static TrainingLabel None => new(0, 0);

    /// <summary>Whether the window holds no answer.</summary>
    public bool IsNone => this == None;

    /// <summary>
    /// The tokens that cover an answer: from the last token that starts at or before it to the first one that ends at or after it. Of tokens that share a place (the
    /// letters of a Hangul syllable) the outermost. None when the window does not hold all of it.
    /// </summary>
    /// <remarks>
    /// As <c>run_qa.py</c> of Hugging Face means it. Its loops run past the window's end when an answer starts in the last token, and take the innermost of tokens
    /// that share a place; neither is imitated.
    /// </remarks>
    /// <param name="window">The window.</param>
    /// <param name="answer">The answer's place in the context, in UTF-16 units; null for none.</param>
    public static TrainingLabel Of(TokenWindow window, TextSpan? answer)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (answer is not { } span || window.ContextStart == window.ContextEnd)
            return None;
        int first = window.ContextStart,
            last = window.ContextEnd - 1;
        var offsets = window.Offsets;
        if (offsets[first].Start > span.Start || offsets[last].End < span.End)
            return None;

        var start = first;
        for (var token = first + 1; token <= last && offsets[token].Start <= span.Start; token++)
            if (offsets[token].Start > offsets[start].Start)
                start = token;
        var end = last;
        for (var token = last - 1; token >= first && offsets[token].End >= span.End; token--)
            if (offsets[token].End < offsets[end].End)
                end = token;
        return new(start, end);
    }
}
