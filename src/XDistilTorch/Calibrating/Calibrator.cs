using XDistilTorch.Data;
using XDistilTorch.Decoding;
using XDistilTorch.Engines;
using XDistilTorch.Evaluation;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Calibrating;

/// <summary>
/// Fits the temperature and null threshold of the <c>calibrated</c> decoder for a model, and measures what that gives: on the questions fitted on, on others,
/// and over longer texts. The model's own calibration, if it has one, plays no part.
/// </summary>
public sealed class Calibrator
{
    private readonly BertTokenizer tokenizer;
    private readonly IWindowEngine engine;
    private readonly QuestionAnswerer? answerer;
    private readonly CalibratorOptions options;
    private readonly CalibratedDecoder decoder;
    private readonly AnswerDecoder windows;
    private long done;
    private long total;
    private long windowsDone;

    /// <summary>Calibrates an answerer's model, which stays the caller's.</summary>
    /// <param name="answerer">The loaded model.</param>
    /// <param name="options">Windows, limits and reports; null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    /// <exception cref="XDistilException">Longer windows are asked for than the model has positions, or windows share more than they hold.</exception>
    public Calibrator(QuestionAnswerer answerer, CalibratorOptions? options = null)
        : this(
            (answerer ?? throw new ArgumentNullException(nameof(answerer))).Tokenizer,
            answerer.Engine,
            answerer.Config.MaxPositionEmbeddings,
            options
        ) => this.answerer = answerer;

    /// <summary>Calibrates an engine of one's own.</summary>
    /// <param name="tokenizer">The tokenizer of the engine's model.</param>
    /// <param name="engine">What computes logits.</param>
    /// <param name="positions">How many positions the model has.</param>
    /// <param name="options">Windows, limits and reports; null takes the defaults.</param>
    /// <inheritdoc cref="Calibrator(QuestionAnswerer, CalibratorOptions?)"/>
    public Calibrator(BertTokenizer tokenizer, IWindowEngine engine, int positions, CalibratorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(engine);
        this.options = options ?? new CalibratorOptions();
        this.options.Check();
        (this.tokenizer, this.engine) = (tokenizer, engine);
        var asked = new AnswerOptions
        {
            Decoder = DecoderKind.Calibrated,
            MaxLength = this.options.MaxLength,
            Stride = this.options.Stride,
            MaxAnswerLength = this.options.MaxAnswerLength,
        };
        Settings = AnswerSettings.Settle(asked, calibration: null, positions);
        decoder = new CalibratedDecoder(new CalibratedDecoderOptions { MaxAnswerLength = Settings.MaxAnswerLength });
        windows = new AnswerDecoder(Settings, tokenizer.ClsId);
    }

    /// <summary>Windows and limits, everything settled.</summary>
    public AnswerSettings Settings { get; }

    /// <summary>Is told how far it is, after every chunk of questions.</summary>
    public IProgress<CalibrationProgress>? Progress { get; init; }

    /// <summary>Fits and reports. Holds 8 bytes for every legal span: some 50 kB for a question about a paragraph.</summary>
    /// <param name="data">The questions.</param>
    /// <param name="stop">Stops at the next chunk of questions.</param>
    /// <exception cref="DataException">
    /// A question leaves no room for its text or is blank, or <see cref="CalibrationFit.Find"/> finds no threshold or temperature.
    /// </exception>
    /// <exception cref="DecodingException">The model's logits are not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public CalibrationReport Run(CalibrationData data, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var reported = data.Tested ?? data.Fitted;
        var sample = options.ReportWindows.Count > 0 ? Math.Min(options.ReportQuestions, reported.Count) : 0;
        total = data.Fitted.Count + (data.Tested?.Count ?? 0) + ((long)sample * options.ReportWindows.Count(count => count > 1));
        (done, windowsDone) = (0, 0);

        var fitted = Measure(data.Fitted, data.Name, stop);
        var fit = CalibrationFit.Find([.. fitted.Select(question => question.Question)], options.OneTemperature); // before more is computed: it may fail
        var tested = data.Tested is null ? null : Measure(data.Tested, data.Name, stop);
        var (onFitted, onTested) = (CalibrationPart.Of(fitted, fit), tested is null ? null : CalibrationPart.Of(tested, fit));
        return new CalibrationReport
        {
            Calibration = Describe(data, fit, onTested ?? onFitted),
            NegativeLogLikelihood = fit.NegativeLogLikelihood,
            Fitted = onFitted,
            Tested = onTested,
            Joined = sample == 0 ? [] : OverLongerTexts(reported, tested ?? fitted, sample, fit, data.Name, stop),
        };
    }

    private JoinedPart[] OverLongerTexts(
        IReadOnlyList<QuestionRow> rows,
        List<MeasuredQuestion> measured,
        int sample,
        CalibrationFit fit,
        string name,
        CancellationToken stop
    )
    {
        var joined = new JoinedContexts(rows, tokenizer, Settings.Windows, options.Seed);
        var chosen = joined.Sample(sample);
        return
        [
            .. options.ReportWindows.Select(count =>
            {
                var questions =
                    count == 1
                        ? [.. chosen.Select(index => measured[index])]
                        : Measure(chosen.Select(index => joined.Of(index, count)), name, stop, count);
                return new JoinedPart(count, CalibrationPart.Of(questions, fit));
            }),
        ];
    }

    private List<MeasuredQuestion> Measure(IEnumerable<QuestionRow> rows, string name, CancellationToken stop, int windowsEach = 1)
    {
        var reading = new PredictorOptions
        {
            DataName = name,
            StopAtErrors = true,
            ChunkRows = Math.Max(PredictorOptions.UsualChunkRows / windowsEach, 1),
        };
        var reader = new ChunkReader(tokenizer, Settings.Windows, reading, static _ => { });
        List<MeasuredQuestion> questions = [];
        var items = rows.Select(row => new DataItem(row, []));
        foreach (var (chunk, logits) in ComputedChunks.Of(reader, items, engine, answerer, stop))
        {
            Add(chunk, logits, questions);
            done += chunk.Rows.Count;
            windowsDone += chunk.Windows.Count;
            Progress?.Report(new CalibrationProgress(done, total, windowsDone));
        }
        stop.ThrowIfCancellationRequested();
        return questions;
    }

    private void Add(PreparedChunk chunk, IReadOnlyList<WindowLogits> logits, List<MeasuredQuestion> questions)
    {
        var first = 0;
        foreach (var prediction in chunk.Rows)
        {
            var (row, count) = (prediction.Row!, prediction.Windows);
            var inputs = windows.Inputs(
                chunk.Windows.GetRange(first, count),
                [.. Enumerable.Range(first, count).Select(window => logits[window])]
            );
            first += count;
            var distribution = decoder.Distribution(row.Context, inputs);
            var question = CalibrationQuestion.Of(distribution, [.. row.Answers!.Select(answer => answer.Text)]);
            questions.Add(new MeasuredQuestion(question, count));
        }
    }

    private Calibration Describe(CalibrationData data, CalibrationFit fit, CalibrationPart part) =>
        new()
        {
            Version = Calibration.CurrentVersion,
            Temperature = fit.Temperature,
            NullTemperature = fit.NullTemperature,
            NullThreshold = fit.NullThreshold,
            Decoder = CalibratedDecoder.Name,
            MaxLength = Settings.MaxLength,
            Stride = Settings.Stride,
            MaxAnswerLength = Settings.MaxAnswerLength,
            DataSha256 = data.Sha256,
            Questions = data.Fitted.Count,
            EceBefore = part.Before.Ece,
            EceAfter = part.After.Ece,
            F1Before = part.Before.F1,
            F1After = part.After.F1,
        };
}
