using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>One window of a question, with what its tokens are: pieces of the vocabulary, slices of the texts, groups.</summary>
public sealed class InspectedWindow
{
    /// <summary>Takes a window.</summary>
    /// <param name="tokens">The window; the question first.</param>
    /// <param name="question">The question that it was cut from.</param>
    /// <param name="context">The text that it was cut from.</param>
    /// <param name="vocabulary">The tokenizer's.</param>
    /// <exception cref="InspectionException">The context stands before the question.</exception>
    public InspectedWindow(TokenWindow tokens, string question, string context, WordPieceVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (tokens.SequenceIds.AsSpan().IndexOf(1) is var second && second >= 0 && second < tokens.ContextStart)
            throw new InspectionException("the context stands before the question; expected windows with the question first.");
        (Tokens, Question, Context) = (tokens, question, context);
        Pieces = [.. tokens.Ids.Select(id => vocabulary[id])];
    }

    /// <summary>The window.</summary>
    public TokenWindow Tokens { get; }

    /// <summary>The question.</summary>
    public string Question { get; }

    /// <summary>The whole text, of which the window may hold a part.</summary>
    public string Context { get; }

    /// <summary>S, how many tokens.</summary>
    public int Length => Tokens.Length;

    /// <summary>Each token's entry in the vocabulary.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>The tokens of the context.</summary>
    public TokenSpan ContextTokens => new(Tokens.ContextStart, Tokens.ContextEnd - 1);

    /// <summary>A token as it stands in question or context; a special token's name.</summary>
    /// <exception cref="InspectionException">There is no such token.</exception>
    public string TextOf(int position) =>
        Tokens.SequenceIds[Checked(position)] switch
        {
            0 => Tokens.Offsets[position].Of(Question),
            1 => Tokens.Offsets[position].Of(Context),
            _ => Pieces[position],
        };

    /// <summary>The tokens that cover a stretch of the context; null where the window does not hold all of it.</summary>
    /// <param name="span">In UTF-16 units of the context.</param>
    public TokenSpan? Find(TextSpan span)
    {
        if (span.Length <= 0 || TrainingLabel.Of(Tokens, span) is not { IsNone: false } label)
            return null;
        return new TokenSpan(label.Start, label.End);
    }

    /// <summary>The stretch of the context that tokens cover, in UTF-16 units.</summary>
    /// <exception cref="InspectionException">They are not tokens of the context.</exception>
    public TextSpan Covered(TokenSpan tokens)
    {
        if (tokens.First < ContextTokens.First || tokens.Last > ContextTokens.Last || tokens.Length < 1)
            throw new InspectionException($"tokens {tokens} are not of the context, which has {ContextTokens} in this window.");
        return new TextSpan(Tokens.Offsets[tokens.First].Start, Tokens.Offsets[tokens.Last].End);
    }

    /// <summary>What each token belongs to.</summary>
    /// <param name="answer">The answer that is looked at; null: none.</param>
    /// <exception cref="InspectionException">The answer is not in the context.</exception>
    public IReadOnlyList<TokenGroup> Groups(TokenSpan? answer)
    {
        if (answer is { } span)
            _ = Covered(span);
        return
        [
            .. Enumerable
                .Range(0, Length)
                .Select(i =>
                    i == 0 ? TokenGroup.Cls
                    : Tokens.SequenceIds[i] < 0 ? TokenGroup.Sep
                    : Tokens.SequenceIds[i] == 0 ? TokenGroup.Question
                    : answer?.Contains(i) == true ? TokenGroup.Answer
                    : TokenGroup.Context
                ),
        ];
    }

    /// <summary>What goes into the model, [1, S]; the tensors belong to the dispose scope around.</summary>
    /// <param name="device">Where the model is.</param>
    public BertInput ToInput(Device device) =>
        new()
        {
            InputIds = tensor(Tokens.Ids.Select(id => (long)id).ToArray(), [1, Length], device: device),
            TokenTypeIds = tensor(Tokens.TypeIds.Select(type => (long)type).ToArray(), [1, Length], device: device),
        };

    private int Checked(int position) =>
        position >= 0 && position < Length
            ? position
            : throw new InspectionException($"there is no token {position}; the window has {Length}, numbered from 0.");
}
