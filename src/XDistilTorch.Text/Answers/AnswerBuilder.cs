using XDistilTorch.Decoding;

namespace XDistilTorch;

/// <summary>
/// Makes answers from what a decoder found in one context: slices, places in both countings, the sentence. One builder serves all
/// questions about its context.
/// </summary>
public sealed class AnswerBuilder
{
    private readonly string context;
    private readonly CodePointIndex positions;

    /// <summary>Creates the builder.</summary>
    /// <param name="context">The very string whose offsets the windows carry.</param>
    public AnswerBuilder(string context)
    {
        ArgumentNullException.ThrowIfNull(context);
        this.context = context;
        positions = new CodePointIndex(context);
    }

    /// <summary>The answer of the <c>squad</c> decoder. Its made-up "empty" and spans without width become no answer.</summary>
    /// <param name="question">The question as given.</param>
    /// <param name="decoding">What the decoder made of the windows.</param>
    /// <param name="topK">How many spans to list, at least 1. Changes nothing else: probabilities are those of the whole n-best list.</param>
    /// <param name="id">The caller's name for the question.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="topK"/> is below 1.</exception>
    /// <exception cref="ArgumentException">A span lies outside the context: the windows are those of another text.</exception>
    public Answer FromSquad(string question, SquadDecoding decoding, int topK, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(decoding);
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);

        var answers = decoding.NBest.Where(entry => entry.HasText).Take(topK).Select(Span).ToArray();
        var best = decoding.Prediction is { HasText: true } entry ? Span(entry) : null;
        return new Answer
        {
            Id = id,
            Question = question,
            Text = best?.Text ?? "",
            Score = best?.Score ?? decoding.NullScore,
            // Every entry without a text says "no answer"; as a rule it is the null entry alone.
            Probability = best?.Probability ?? decoding.NBest.Where(entry => !entry.HasText).Sum(entry => entry.Probability),
            Start = best?.Start,
            End = best?.End,
            StartUtf16 = best?.StartUtf16,
            EndUtf16 = best?.EndUtf16,
            Sentence = best is null ? null : SentenceFinder.Find(context, new TextSpan(best.StartUtf16, best.EndUtf16)).Of(context),
            NullScore = decoding.NullScore,
            Decoder = SquadDecoder.Name,
            Answers = answers,
        };
    }

    private AnswerSpan Span(SquadEntry entry)
    {
        var span = entry.Span.GetValueOrDefault();
        if (span.Start < 0 || span.End > context.Length)
            throw new ArgumentException(
                $"the span {span.Start}..{span.End} is not within the context of {context.Length} UTF-16 units; expected windows of this very text."
            );
        var (start, end) = positions.ToCodePoints(span);
        return new AnswerSpan
        {
            Text = span.Of(context),
            Score = entry.Score,
            Probability = entry.Probability,
            Start = start,
            End = end,
            StartUtf16 = span.Start,
            EndUtf16 = span.End,
            Window = entry.Window.GetValueOrDefault(),
        };
    }
}
