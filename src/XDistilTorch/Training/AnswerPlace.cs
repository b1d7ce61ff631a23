using XDistilTorch.Data;

namespace XDistilTorch.Training;

/// <summary>Where the answer that a question is trained to give stands: its first one.</summary>
/// <param name="IsKnown">Whether that is certain, or that there is none.</param>
/// <param name="Span">Its place in the context, in UTF-16 units; null for no answer.</param>
internal readonly record struct AnswerPlace(bool IsKnown, TextSpan? Span)
{
    /// <summary>The place in a question whose answers are known. An answer that does not stand at its start is taken where it was found.</summary>
    public static AnswerPlace Of(QuestionRow row)
    {
        if (row.Answers is not [var first, ..])
            return new AnswerPlace(row.Answers is not null, null);
        var span = first.Span ?? (first.Text.Length > 0 ? new AnswerLocator(row.Context).Locate(first.Text, first.Start).Span : null);
        return new AnswerPlace(span is not null, span);
    }
}
