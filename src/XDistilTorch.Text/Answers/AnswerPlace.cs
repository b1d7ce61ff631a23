namespace XDistilTorch;

/// <summary>Where an answer stands.</summary>
internal static class AnswerPlace
{
    /// <summary>The answer with the places of its span and the sentence around it; as it is when there is no span.</summary>
    public static Answer At(this Answer answer, AnswerSpan? span, string context) =>
        span is null
            ? answer
            : answer with
            {
                Start = span.Start,
                End = span.End,
                StartUtf16 = span.StartUtf16,
                EndUtf16 = span.EndUtf16,
                Sentence = SentenceFinder.Find(context, new TextSpan(span.StartUtf16, span.EndUtf16)).Of(context),
                Document = span.Document,
            };
}
