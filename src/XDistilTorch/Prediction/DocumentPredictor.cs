using XDistilTorch.Decoding;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Prediction;

/// <summary>
/// Answers questions over many documents, which compete for the answer: all windows of all documents are decoded together. Each document is tokenized once and
/// kept, with about 24 bytes a token.
/// </summary>
/// <remarks>A question is a chunk of its own. Works with the <c>calibrated</c> decoder alone, the only one whose scores compare across texts.</remarks>
public sealed class DocumentPredictor
{
    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false, SplitSpecialTokens = true };

    private readonly QuestionAnswerer answerer;
    private readonly PredictorOptions options;
    private readonly AnswerDecoder decoder;
    private readonly AnswerBuilder builder;
    private readonly List<(NamedText Document, Encoding Tokens)> documents = [];

    /// <summary>Tokenizes the documents.</summary>
    /// <param name="answerer">The loaded model; stays the caller's.</param>
    /// <param name="documents">The documents; names tell them apart.</param>
    /// <param name="answers">How questions are answered; null takes the defaults. No decoder: <c>calibrated</c>.</param>
    /// <param name="options">Which questions; null: all.</param>
    /// <exception cref="ArgumentException">Another decoder is asked for.</exception>
    /// <exception cref="DataException">There is no document, a name is there twice, or a document is blank.</exception>
    public DocumentPredictor(
        QuestionAnswerer answerer,
        IReadOnlyList<NamedText> documents,
        AnswerOptions? answers = null,
        PredictorOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(answerer);
        ArgumentNullException.ThrowIfNull(documents);
        answers ??= new AnswerOptions();
        if ((answers.Decoder ?? DecoderKind.Calibrated) != DecoderKind.Calibrated)
            throw new ArgumentException("only the calibrated decoder compares answers of several documents.", nameof(answers));
        this.answerer = answerer;
        this.options = (options ?? new PredictorOptions()) with { ChunkRows = 1 };
        this.options.Check();
        Settings = answerer.Settle(answers with { Decoder = DecoderKind.Calibrated });
        decoder = new AnswerDecoder(Settings, answerer.Tokenizer.ClsId);
        Read(documents);
        builder = new AnswerBuilder([.. documents.Select(d => d.Text)], [.. documents.Select(d => d.Name)]);
    }

    /// <summary>How questions are answered.</summary>
    public AnswerSettings Settings { get; }

    /// <summary>How many windows a question has at least: those of the shortest question.</summary>
    public long WindowsPerQuestion =>
        documents.Sum(document =>
            (long)WindowBuilder.Build(answerer.Tokenizer, answerer.Tokenizer.Encode("", Bare), document.Tokens, Settings.Windows).Count
        );

    private void Read(IReadOnlyList<NamedText> texts)
    {
        if (texts.Count == 0)
            throw new DataException("there is no document to find answers in; expected at least one.");
        if (texts.GroupBy(text => text.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataException($"{twice.Count()} documents are called {twice.Key}; give each its own name.");
        foreach (var text in texts)
        {
            var tokens = answerer.Tokenizer.Encode(text.Text, Bare);
            if (tokens.Length == 0)
                throw new DataException($"document {text.Name} is blank, expected a text in which the answer may stand.");
            documents.Add((text, tokens));
        }
    }

    /// <summary>Answers the questions in order. When <paramref name="stop"/> is cancelled the question that is being computed is finished.</summary>
    /// <param name="questions">The questions; their names are the ids.</param>
    /// <param name="done">How many questions at the start have their answers already.</param>
    /// <param name="stop">Ends the run at the next question.</param>
    /// <returns>One chunk a question, those of our shard that are not done.</returns>
    /// <exception cref="DataException">A question cannot be asked, and faults are to stop the run.</exception>
    public IEnumerable<PredictedChunk> Run(IReadOnlyList<NamedText> questions, long done = 0, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        return LookAhead.Of(Compute(questions, done, stop), 1, CancellationToken.None);
    }

    private IEnumerable<PredictedChunk> Compute(IReadOnlyList<NamedText> questions, long done, CancellationToken stop)
    {
        using var model = answerer.Use();
        for (var i = 0; i < Math.Min(questions.Count, options.Limit ?? long.MaxValue); i++)
        {
            if (i % options.Shards != options.Shard || i < done)
                continue;
            if (stop.IsCancellationRequested)
                yield break;
            var row = Answer(questions[i], i + 1);
            if (options.StopAtErrors && row.Error is { } error)
                throw new DataException(options.DataName is { } name ? $"{name}: {error.Message}" : error.Message);
            yield return new PredictedChunk(i, [row], i + 1);
        }
    }

    private RowPrediction Answer(NamedText question, int number)
    {
        var row = new RowPrediction
        {
            Number = number,
            Id = question.Name,
            Line = question.Line,
        };
        try
        {
            var windows = Cut(question);
            var logits = answerer.Engine.Run([.. windows.SelectMany(own => own)]);
            var decoded = decoder.Decode(question.Text, question.Name, builder, Inputs(windows, logits));
            return row with { Answer = decoded.Answer, Windows = decoded.Windows, NullOdds = decoded.NullOdds };
        }
        catch (Exception e) when (e is BlankTextException or WindowException)
        {
            return row with { Error = RowError.At(new Data.DataPlace(question.Line, null), (XDistilException)e) };
        }
    }

    private IReadOnlyList<TokenWindow>[] Cut(NamedText question)
    {
        var tokens = answerer.Tokenizer.Encode(question.Text, Bare);
        if (tokens.Length == 0)
            throw new BlankTextException(
                $"question {question.Name}: the question is blank, expected a question such as \"Who repaired the clock?\".",
                isQuestion: true
            );
        return [.. documents.Select(document => WindowBuilder.Build(answerer.Tokenizer, tokens, document.Tokens, Settings.Windows))];
    }

    private DocumentWindows[] Inputs(IReadOnlyList<TokenWindow>[] windows, IReadOnlyList<Engines.WindowLogits> logits)
    {
        var inputs = new DocumentWindows[windows.Length];
        var first = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            var own = windows[i];
            inputs[i] = new DocumentWindows(
                documents[i].Document.Text,
                decoder.Inputs(own, [.. Enumerable.Range(first, own.Count).Select(window => logits[window])])
            );
            first += own.Count;
        }
        return inputs;
    }
}
