using XDistilTorch.Decoding;

namespace XDistilTorch;

/// <summary>
/// Makes answers from what a decoder found in a context, or in several: slices, places in both countings, the sentence. One builder serves all
/// questions about its context.
/// </summary>
public sealed class AnswerBuilder
{
    private readonly string[] contexts;
    private readonly string[]? names;
    private readonly CodePointIndex?[] positions;

    /// <summary>Creates the builder for one context.</summary>
    /// <param name="context">The very string whose offsets the windows carry.</param>
    public AnswerBuilder(string context)
    {
        ArgumentNullException.ThrowIfNull(context);
        contexts = [context];
        positions = [new CodePointIndex(context)];
    }

    /// <summary>Creates the builder for several documents that compete; answers name theirs. For <see cref="FromCalibrated"/> alone.</summary>
    /// <param name="contexts">The very strings whose offsets the windows carry, in the decoder's order.</param>
    /// <param name="names">File name or id of each.</param>
    /// <exception cref="ArgumentException">Not one name for each context.</exception>
    public AnswerBuilder(IReadOnlyList<string> contexts, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(names);
        if (contexts.Count != names.Count)
            throw new ArgumentException($"{names.Count} names for {contexts.Count} contexts; expected one each.", nameof(names));
        this.contexts = [.. contexts];
        this.names = [.. names];
        positions = new CodePointIndex?[contexts.Count];
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
        RequireOneContext();

        var best = decoding.Prediction is { HasText: true } entry ? Span(entry) : null;
        return new Answer
        {
            Id = id,
            Question = question,
            Text = best?.Text ?? "",
            Score = best?.Score ?? decoding.NullScore,
            // Every entry without a text says "no answer"; as a rule it is the null entry alone.
            Probability = best?.Probability ?? decoding.NBest.Where(entry => !entry.HasText).Sum(entry => entry.Probability),
            NullScore = decoding.NullScore,
            Decoder = SquadDecoder.Name,
            Answers = [.. decoding.NBest.Where(entry => entry.HasText).Take(topK).Select(Span)],
        }.At(best, contexts[0]);
    }

    /// <summary>
    /// The answer of the <c>pipeline</c> decoder: the first of its list, no answer where that has no text. The list is the decoder's without
    /// no answer. The reference's score stands in score and probability; added up over windows, it may exceed 1.
    /// </summary>
    /// <param name="question">The question as given.</param>
    /// <param name="decoding">What the decoder made of the windows.</param>
    /// <param name="id">The caller's name for the question.</param>
    /// <exception cref="ArgumentException">A span lies outside the context: the windows are those of another text.</exception>
    public Answer FromPipeline(string question, PipelineDecoding decoding, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(decoding);
        RequireOneContext();

        var first = decoding.Entries.Count > 0 ? decoding.Entries[0] : null;
        var best = first is { Text.Length: > 0 } ? Span(first) : null;
        return new Answer
        {
            Id = id,
            Question = question,
            Text = best?.Text ?? "",
            Score = best?.Score ?? (float?)decoding.NullScore,
            Probability = best?.Probability ?? decoding.NullScore ?? first?.Score ?? 0,
            NullScore = (float?)decoding.NullScore,
            Decoder = PipelineDecoder.Name,
            Answers = [.. decoding.Entries.Where(entry => entry.Text.Length > 0).Select(Span)],
        }.At(best, contexts[0]);
    }

    /// <summary>The answer of the <c>calibrated</c> decoder, with the list it was asked for.</summary>
    /// <param name="question">The question as given.</param>
    /// <param name="decoding">What the decoder made of the windows.</param>
    /// <param name="id">The caller's name for the question.</param>
    /// <exception cref="ArgumentException">A span lies outside its context: the windows are those of other texts.</exception>
    public Answer FromCalibrated(string question, CalibratedDecoding decoding, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(decoding);

        var best = decoding.Prediction is { } prediction ? Span(prediction) : null;
        return new Answer
        {
            Id = id,
            Question = question,
            Text = best?.Text ?? "",
            Score = best?.Score ?? (float?)decoding.NullScore,
            Probability = decoding.Probability,
            NullScore = (float?)decoding.NullScore,
            Decoder = CalibratedDecoder.Name,
            Answers = [.. decoding.Spans.Select(Span)],
        }.At(best, contexts[decoding.Prediction?.Document ?? 0]);
    }

    private AnswerSpan Span(SquadEntry entry) =>
        Span(0, entry.Span.GetValueOrDefault(), entry.Window.GetValueOrDefault(), entry.Score, entry.Probability);

    private AnswerSpan Span(PipelineEntry entry)
    {
        var span = entry.Span.GetValueOrDefault();
        // Only the place of a [CLS] that the question spells out can reach over the end, and its text does not.
        return Span(
            0,
            new TextSpan(span.Start, span.Start + entry.Text.Length),
            entry.Window.GetValueOrDefault(),
            entry.Score,
            entry.Score
        );
    }

    private AnswerSpan Span(CalibratedSpan span) => Span(span.Document, span.Span, span.Window, span.Score, span.Probability);

    private AnswerSpan Span(int document, TextSpan span, int window, double score, double probability)
    {
        if (document >= contexts.Length)
            throw new ArgumentException($"document {document} of {contexts.Length}; expected a decoding of these very documents.");
        var context = contexts[document];
        if (span.Start < 0 || span.End > context.Length)
            throw new ArgumentException(
                $"the span {span.Start}..{span.End} is not within the context of {context.Length} UTF-16 units; expected windows of this very text."
            );
        var (start, end) = (positions[document] ??= new CodePointIndex(context)).ToCodePoints(span);
        return new AnswerSpan
        {
            Text = span.Of(context),
            Score = (float)score,
            Probability = probability,
            Start = start,
            End = end,
            StartUtf16 = span.Start,
            EndUtf16 = span.End,
            Document = names?[document],
            Window = window,
        };
    }

    private void RequireOneContext()
    {
        if (contexts.Length != 1)
            throw new InvalidOperationException(
                $"the builder has {contexts.Length} documents, which only the calibrated decoder lets compete; expected a builder for one context."
            );
    }
}
