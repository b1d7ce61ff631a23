using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Prediction;

/// <summary>
/// Answers the rows of a data file in their order: reading and tokenizing, computing and decoding work at the same time, a few chunks of rows ahead of each
/// other, and nothing grows with the number of rows.
/// </summary>
/// <remarks>
/// What is computed together follows from the rows' numbers only, never from timing: the same rows, model and options give the same bytes on the same machine
/// with the same number of torch threads, in one run, in several, and in shards.
/// </remarks>
public sealed class Predictor
{
    private readonly BertTokenizer tokenizer;
    private readonly IWindowEngine engine;
    private readonly QuestionAnswerer? answerer;
    private readonly AnswerDecoder decoder;
    private ChunkReader? reader;

    /// <summary>Predicts with an answerer's model, which stays the caller's.</summary>
    /// <param name="answerer">The loaded model.</param>
    /// <param name="answers">How questions are answered; null takes the defaults.</param>
    /// <param name="options">Which rows; null: all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    /// <exception cref="XDistilException">Longer windows are asked for than the model has positions, or windows share more than they hold.</exception>
    public Predictor(QuestionAnswerer answerer, AnswerOptions? answers = null, PredictorOptions? options = null)
        : this(
            (answerer ?? throw new ArgumentNullException(nameof(answerer))).Tokenizer,
            answerer.Engine,
            answerer.Settle(answers ?? new AnswerOptions()),
            options
        ) => this.answerer = answerer;

    /// <summary>Predicts with an engine of one's own.</summary>
    /// <param name="tokenizer">The tokenizer of the engine's model.</param>
    /// <param name="engine">What computes logits.</param>
    /// <param name="settings">How questions are answered.</param>
    /// <param name="options">Which rows; null: all.</param>
    public Predictor(BertTokenizer tokenizer, IWindowEngine engine, AnswerSettings settings, PredictorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(settings);
        options ??= new PredictorOptions();
        options.Check();
        (this.tokenizer, this.engine, Settings, Options) = (tokenizer, engine, settings, options);
        decoder = new AnswerDecoder(settings, tokenizer.ClsId);
    }

    /// <summary>How questions are answered.</summary>
    public AnswerSettings Settings { get; }

    /// <summary>Which rows are answered.</summary>
    public PredictorOptions Options { get; }

    /// <summary>How many rows of the data were read so far, those of other shards included; all of them when the run is over.</summary>
    public long RowsRead => reader?.RowsRead ?? 0;

    /// <summary>Is told what is odd about the file as a whole.</summary>
    public Action<DataFault>? Note { get; init; }

    /// <summary>
    /// Answers rows. When <paramref name="stop"/> is cancelled the chunk that is being computed is finished and given, and the sequence ends; breaking off the
    /// enumeration stops after the batch that is being computed.
    /// </summary>
    /// <param name="items">The data; enumerated by another thread.</param>
    /// <param name="stop">Ends the run at the next chunk.</param>
    /// <returns>The chunks of the shard in order, without those that are done.</returns>
    /// <exception cref="DataException">The data cannot be read on, or a row has a fault and faults are to stop the run; after all chunks before it.</exception>
    /// <exception cref="XDistilTorch.Decoding.DecodingException">The model's logits are not finite.</exception>
    public IEnumerable<PredictedChunk> Run(IEnumerable<DataItem> items, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        reader = new ChunkReader(tokenizer, Settings.Windows, Options, fault => Note?.Invoke(fault));
        return ComputedChunks.Of(reader, items, engine, answerer, stop).Select(it => Decode(it.Chunk, it.Logits));
    }

    /// <summary>Reads and tokenizes the rows without computing anything.</summary>
    /// <param name="items">The data.</param>
    /// <param name="stop">Ends it at the next chunk.</param>
    /// <exception cref="DataException">The data cannot be read on.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public PredictionPlan Plan(IEnumerable<DataItem> items, CancellationToken stop = default)
    {
        const int MostSamples = 10;
        ArgumentNullException.ThrowIfNull(items);
        reader = new ChunkReader(tokenizer, Settings.Windows, Options with { StopAtErrors = false }, fault => Note?.Invoke(fault));
        var (rows, errors, repetitions, windows, tokens) = (0L, 0L, 0L, 0L, 0L);
        List<RowPrediction> samples = [];
        foreach (var chunk in reader.Read(items))
        {
            stop.ThrowIfCancellationRequested();
            rows += chunk.Rows.Count;
            windows += chunk.Windows.Count;
            tokens += chunk.Windows.Sum(window => (long)window.Length);
            repetitions += chunk.Rows.Count(row => row.Error is { IsRepetition: true });
            var faulty = chunk.Rows.Where(row => row.Error is { IsRepetition: false }).ToList();
            errors += faulty.Count;
            samples.AddRange(faulty.Take(MostSamples - samples.Count));
        }
        return new PredictionPlan(RowsRead, rows, errors, repetitions, windows, tokens, samples);
    }

    private PredictedChunk Decode(PreparedChunk chunk, IReadOnlyList<WindowLogits> logits)
    {
        var first = 0;
        string? text = null;
        AnswerBuilder? builder = null;
        for (var i = 0; i < chunk.Rows.Count; i++)
        {
            if (chunk.Rows[i] is not { Error: null, Row: { } row } prediction)
                continue;
            if (builder is null || !ReferenceEquals(text, row.Context))
                (text, builder) = (row.Context, new AnswerBuilder(row.Context)); // questions about one text often follow each other
            var count = prediction.Windows;
            var decoded = decoder.Decode(
                row.Question,
                row.Id,
                builder,
                row.Context,
                chunk.Windows.GetRange(first, count),
                [.. Enumerable.Range(first, count).Select(window => logits[window])]
            );
            first += count;
            chunk.Rows[i] = prediction with { Answer = decoded.Answer, NullOdds = decoded.NullOdds, Squad = decoded.Squad };
        }
        return new PredictedChunk(chunk.Index, chunk.Rows, chunk.RowsThrough);
    }
}
