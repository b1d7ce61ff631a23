using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Decoding;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch;

/// <summary>
/// The front door: answers questions from text with one loaded model.
/// <code>
/// using var answerer = QuestionAnswerer.FromPretrained("weights/e5-small-v2-squad2");
/// Console.WriteLine(answerer.Answer("Who repaired the clock?", text).Text);
/// </code>
/// </summary>
/// <remarks>
/// Thread-safe: any number of threads may ask at once, as long as nobody changes the model meanwhile. The same question gives the same answer, bit for bit, on
/// the same machine, alone or in a batch (the eager engine: with the same number of torch threads, and a batch changes scores by rounding). Disposing waits for the calls under way and refuses new ones.
/// </remarks>
public sealed class QuestionAnswerer : IDisposable
{
    // Enough windows for full batches of short texts; answers still come steadily.
    private const int QuestionsPerStep = 32;

    private readonly object gate = new();
    private readonly BertForQuestionAnswering? model;
    private int asking;
    private bool disposed;

    private QuestionAnswerer(string folder, LoadedModel loaded, BertTokenizer tokenizer, Calibration? calibration)
    {
        (Folder, Config, Tokenizer, Calibration, LoadReport) = (folder, loaded.Config, tokenizer, calibration, loaded.Report);
        (Engine, EngineChoice, DeviceName, model) = (loaded.Engine, loaded.Choice, loaded.Device, loaded.Model);
    }

    /// <summary>The model folder it was loaded from.</summary>
    public string Folder { get; }

    /// <summary>The model's config.</summary>
    public BertConfig Config { get; }

    /// <summary>The model: read it, look inside it, change it (when nobody is asking). Disposed with the answerer.</summary>
    /// <exception cref="InvalidOperationException">It was loaded with <see cref="LoadingOptions.AnswersOnly"/>.</exception>
    public BertForQuestionAnswering Model =>
        model
        ?? throw new InvalidOperationException(
            $"{Folder}: was loaded for answers only, there is no module tree. Load it without {nameof(LoadingOptions.AnswersOnly)}."
        );

    internal IWindowEngine Engine { get; }

    /// <summary>How forward passes are computed, and why so.</summary>
    public EngineChoice EngineChoice { get; }

    /// <summary>The tokenizer.</summary>
    public BertTokenizer Tokenizer { get; }

    /// <summary>What was fitted for the model's probabilities, <c>calibration.json</c>; null where the folder has none.</summary>
    public Calibration? Calibration { get; }

    /// <summary>What the loader did to make the checkpoint fit.</summary>
    public LoadReport LoadReport { get; }

    /// <summary>Where the model computes, as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string DeviceName { get; }

    /// <summary>Where the model computes, for those who make tensors there; loads libtorch if nothing has done so.</summary>
    public torch.Device Device => TorchDevice.Parse(DeviceName);

    /// <summary>Loads the model beside the application, which the package XDistilTorch.Weights puts there: no folder to name, no network.</summary>
    /// <param name="options">Device and type; null takes the defaults (CPU, fp32).</param>
    /// <exception cref="XDistilException">There is none, or it cannot be loaded; the message names the remedy.</exception>
    public static QuestionAnswerer Default(LoadingOptions? options = null) => FromPretrained(BundledWeights.BesideApplication(), options);

    /// <summary>Loads a folder in Hugging Face layout: config.json, weights, vocabulary.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">Device and type; null takes the defaults (CPU, fp32).</param>
    /// <exception cref="XDistilException">Something is missing, broken or does not fit together; the message names file, finding, expectation and remedy.</exception>
    public static QuestionAnswerer FromPretrained(string folder, LoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new LoadingOptions();
        // The vocabulary is read while libtorch is loaded and the weights are copied: neither needs the other.
        var reading = Task.Run(() => (BertTokenizer.FromPretrained(folder), CalibrationFile.ReadFolder(folder)));
        var loaded = LoadedModel.Load(folder, options);
        try
        {
            var (tokenizer, calibration) = reading.GetAwaiter().GetResult();
            PretrainedModel.CheckVocabulary(folder, tokenizer, loaded.Config);
            return new QuestionAnswerer(folder, loaded, tokenizer, calibration);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Answers one question from one text.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">The text; the answer is a slice of it.</param>
    /// <param name="options">Windows, limits and thresholds; null takes the defaults.</param>
    /// <param name="cancellation">Looked at before every batch of windows.</param>
    /// <exception cref="DataException">The question or the text is blank.</exception>
    /// <exception cref="XDistilException">Longer windows are asked for than the model has positions.</exception>
    /// <exception cref="WindowException">The question leaves no room for the text in a window.</exception>
    /// <exception cref="DecodingException">The model's logits are not finite.</exception>
    public Answer Answer(string question, string context, AnswerOptions? options = null, CancellationToken cancellation = default) =>
        Answer([new QuestionInput(question, context)], options, cancellation)[0];

    /// <summary>Answers several questions together, which is faster than one by one. Answers come in the order of the questions.</summary>
    /// <inheritdoc cref="Answer(string, string, AnswerOptions?, CancellationToken)"/>
    public IReadOnlyList<Answer> Answer(
        IReadOnlyList<QuestionInput> questions,
        AnswerOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(questions);
        options ??= new AnswerOptions();
        Enter();
        try
        {
            return Compute(questions, options, cancellation);
        }
        finally
        {
            Leave();
        }
    }

    private Answer[] Compute(IReadOnlyList<QuestionInput> questions, AnswerOptions options, CancellationToken cancellation)
    {
        var settings = Settle(options);
        var (windows, owners) = Cut(questions, new QuestionWindows(Tokenizer, settings.Windows));
        var logits = Engine.Run(windows, cancellation);
        var decoder = new AnswerDecoder(settings, Tokenizer.ClsId);
        var answers = new Answer[questions.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var (question, own) = (questions[i], owners[i]);
            answers[i] = decoder
                .Decode(
                    question.Question,
                    question.Id,
                    new AnswerBuilder(question.Context),
                    question.Context,
                    windows[own.Start..own.End],
                    [.. logits.Skip(own.Start).Take(own.Length)]
                )
                .Answer;
        }
        return answers;
    }

    /// <summary>Options with everything that was left unset put in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    /// <exception cref="XDistilException">Longer windows are asked for than the model has positions, or windows share more than they hold.</exception>
    public AnswerSettings Settle(AnswerOptions options) => AnswerSettings.Settle(options, Calibration, Config.MaxPositionEmbeddings);

    /// <summary>
    /// Answers a stream of questions in order, without holding more than a few at once and without waiting for questions that are not there yet.
    /// Answers before a bad question are given before it throws.
    /// </summary>
    /// <inheritdoc cref="Answer(string, string, AnswerOptions?, CancellationToken)"/>
    public async IAsyncEnumerable<Answer> AnswerAsync(
        IAsyncEnumerable<QuestionInput> questions,
        AnswerOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(questions);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var source = questions.GetAsyncEnumerator(stopping.Token);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (await next.ConfigureAwait(false))
            {
                List<QuestionInput> step = [];
                do
                {
                    step.Add(source.Current);
                    next = source.MoveNextAsync().AsTask();
                } while (step.Count < QuestionsPerStep && next.IsCompletedSuccessfully && next.Result); // what is there; nobody waits for a full step

                var (answers, fault) = await Task.Run(() => AnswerStep(step, options, cancellation), cancellation).ConfigureAwait(false);
                foreach (var answer in answers)
                    yield return answer;
                fault?.Throw();
            }
        }
        finally
        {
            if (!next.IsCompleted)
                await stopping.CancelAsync().ConfigureAwait(false);
            await DisposeWhenDone(source, next).ConfigureAwait(false);
        }
    }

    // A source that is being asked for its next question may not be disposed before it has answered; whoever stopped reading does not wait for that.
    private static async Task DisposeWhenDone(IAsyncEnumerator<QuestionInput> source, Task next)
    {
        if (next.IsCompleted)
            await source.DisposeAsync().ConfigureAwait(false);
        else
            _ = next.ContinueWith(async _ => await source.DisposeAsync().ConfigureAwait(false), TaskScheduler.Default);
    }

    // One bad question does not take the answers before it along.
    private (IReadOnlyList<Answer> Answers, ExceptionDispatchInfo? Fault) AnswerStep(
        List<QuestionInput> step,
        AnswerOptions? options,
        CancellationToken cancellation
    )
    {
        try
        {
            return (Answer(step, options, cancellation), null);
        }
        catch (XDistilException) when (step.Count > 1)
        {
            List<Answer> answers = [];
            try
            {
                foreach (var question in step)
                    answers.Add(Answer([question], options, cancellation)[0]);
                return (answers, null);
            }
            catch (XDistilException e)
            {
                return (answers, ExceptionDispatchInfo.Capture(e));
            }
        }
    }

    /// <inheritdoc cref="AnswerAsync(IAsyncEnumerable{QuestionInput}, AnswerOptions?, CancellationToken)"/>
    public IAsyncEnumerable<Answer> AnswerAsync(
        IEnumerable<QuestionInput> questions,
        AnswerOptions? options = null,
        CancellationToken cancellation = default
    ) => AnswerAsync(questions.ToAsyncEnumerable(), options, cancellation);

    private static (List<TokenWindow> Windows, TextSpan[] Owners) Cut(IReadOnlyList<QuestionInput> questions, QuestionWindows cutter)
    {
        List<TokenWindow> windows = [];
        var owners = new TextSpan[questions.Count];
        for (var i = 0; i < owners.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(questions[i]);
            var first = windows.Count;
            windows.AddRange(cutter.Of(questions[i]));
            owners[i] = new TextSpan(first, windows.Count);
        }
        return (windows, owners);
    }

    /// <summary>Keeps the model alive until what is returned is disposed of.</summary>
    internal IDisposable Use()
    {
        Enter();
        return new Lease(this);
    }

    private sealed class Lease(QuestionAnswerer answerer) : IDisposable
    {
        public void Dispose() => answerer.Leave();
    }

    private void Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            asking++;
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            asking--;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Frees the model, after the calls under way have returned: freed under a computing thread it would end the process.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            while (asking > 0)
                Monitor.Wait(gate);
        }
        (Engine as IDisposable)?.Dispose();
        model?.Dispose();
    }
}
