using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch;

/// <summary>
/// Cuts questions with their contexts into windows. Questions about one text often follow each other: its tokens are kept until another comes.
/// For one thread.
/// </summary>
internal sealed class QuestionWindows(BertTokenizer tokenizer, WindowOptions options)
{
    // What people typed is text, also where it spells a special token.
    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false, SplitSpecialTokens = true };

    private Encoding? context;

    /// <summary>The windows of one question.</summary>
    /// <exception cref="BlankTextException">The question or the text is blank, to people or to the model: characters without width leave no token.</exception>
    /// <exception cref="WindowException">The question leaves no room for the text in a window.</exception>
    public IReadOnlyList<TokenWindow> Of(QuestionInput input)
    {
        var (question, text) = Encode(input);
        return WindowBuilder.Build(tokenizer, question, text, options);
    }

    /// <summary>How many windows a question has; they are not made.</summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public int Count(QuestionInput input)
    {
        var (question, text) = Encode(input);
        return WindowBuilder.Count(question, text, options);
    }

    private (Encoding Question, Encoding Context) Encode(QuestionInput input)
    {
        RefuseBlank(input, string.IsNullOrWhiteSpace(input.Question), string.IsNullOrWhiteSpace(input.Context));
        if (!ReferenceEquals(context?.Text, input.Context))
            context = tokenizer.Encode(input.Context, Bare);
        var question = tokenizer.Encode(input.Question, Bare);
        RefuseBlank(input, question.Length == 0, context!.Length == 0);
        return (question, context);
    }

    private static void RefuseBlank(QuestionInput question, bool noQuestion, bool noContext)
    {
        var name = question.Id is null ? "" : $"question {question.Id}: ";
        if (noQuestion)
            throw new BlankTextException(
                $"{name}the question is blank, expected a question such as \"Who repaired the clock?\".",
                isQuestion: true
            );
        if (noContext)
            throw new BlankTextException($"{name}the text is blank, expected a text in which the answer may stand.", isQuestion: false);
    }
}
