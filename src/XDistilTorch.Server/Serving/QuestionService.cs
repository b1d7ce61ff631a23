using System.Diagnostics;
using Microsoft.Extensions.Options;
using XDistilTorch.Server.Batching;
using XDistilTorch.Server.Observing;
using XDistilTorch.Server.Serving;
using XDistilTorch.Windows;

namespace XDistilTorch.Server;

/// <summary>Answers questions of many callers at once with the served models: what they ask goes together through the engine, and waits in a queue with an end.</summary>
/// <remarks>Thread-safe; one for the whole service. Controllers and hosted services may ask for it beside the endpoints.</remarks>
public sealed class QuestionService
{
    private readonly ModelCatalog catalog;
    private readonly ServingOptions options;
    private readonly ServerMetrics metrics;
    private readonly Admission windows;

    internal QuestionService(ModelCatalog catalog, IOptions<ServingOptions> options, ServerMetrics metrics)
    {
        (this.catalog, this.options, this.metrics) = (catalog, options.Value, metrics);
        Questions = new Admission("questions", this.options.Limits.QueuedQuestions);
        windows = new Admission("windows", this.options.Limits.QueuedWindows);
        metrics.Watch("xdistil.questions.inside", "{question}", "Questions that wait or are computed", () => Questions.Inside);
        metrics.Watch("xdistil.windows.inside", "{window}", "Windows that wait or are computed", () => windows.Inside);
    }

    /// <summary>The questions that wait or are computed.</summary>
    internal Admission Questions { get; }

    /// <summary>Answers questions together, in their order.</summary>
    /// <param name="asked">The questions.</param>
    /// <param name="answers">How they are answered; null: as the service's options say.</param>
    /// <param name="model">Which model; null: the first.</param>
    /// <param name="cancellation">Takes the questions out of the queue, or out of the engine.</param>
    /// <exception cref="XDistilException">A question cannot be answered: it is blank, or too long for a window.</exception>
    /// <exception cref="InvalidOperationException">The service is full, or the model is not ready, or there is none of that name.</exception>
    public async Task<IReadOnlyList<Answer>> AnswerAsync(
        IReadOnlyList<QuestionInput> asked,
        AnswerOptions? answers = null,
        string? model = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(asked);
        try
        {
            return (await AnswerAsync(catalog.Find(model), asked, answers ?? options.Answers, name: null, cancellation)).Answers;
        }
        catch (ProblemException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }

    /// <param name="host">The model.</param>
    /// <param name="asked">The questions.</param>
    /// <param name="answers">How they are answered.</param>
    /// <param name="name">What messages call a question by its number; null: they need no name.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<AnsweredQuestions> AnswerAsync(
        ModelHost host,
        IReadOnlyList<QuestionInput> asked,
        AnswerOptions answers,
        Func<int, string>? name,
        CancellationToken cancellation
    )
    {
        using var place = Questions.Enter(asked.Count);
        using var lease = host.Answerer.Use();
        var settings = host.Answerer.Settle(answers);
        var start = Stopwatch.GetTimestamp();
        var cut = Cut(host.Answerer, settings, asked, name, cancellation);
        var tokenizing = Stopwatch.GetElapsedTime(start);

        using var room = windows.Enter(cut.Windows.Count);
        var work = new WindowWork(cut.Windows, cancellation);
        IReadOnlyList<Engines.WindowLogits> logits;
        using (ServerMetrics.Traces.StartActivity("compute"))
            logits = await Run(host, work);

        using var _ = ServerMetrics.Traces.StartActivity("decode");
        var decoded = Decode(host.Answerer, settings, asked, cut, logits);
        var timing = new RequestTiming(tokenizing, work.Queued, work.Computed);
        metrics.Answered(asked.Count, cut.Windows.Count, timing);
        return new AnsweredQuestions(decoded, cut.Windows.Count, timing);
    }

    private static async Task<IReadOnlyList<Engines.WindowLogits>> Run(ModelHost host, WindowWork work)
    {
        try
        {
            var logits = await host.Queue.RunAsync(work);
            Activity.Current?.SetTag("xdistil.queue_ms", work.Queued.TotalMilliseconds).SetTag("xdistil.windows", work.Windows.Count);
            return logits;
        }
        catch (OperationCanceledException e)
        {
            throw new WorkCancelledException(work.HasBegun, e);
        }
    }

    private (List<TokenWindow> Windows, TextSpan[] Owners) Cut(
        QuestionAnswerer answerer,
        AnswerSettings settings,
        IReadOnlyList<QuestionInput> asked,
        Func<int, string>? name,
        CancellationToken cancellation
    )
    {
        using var _ = ServerMetrics.Traces.StartActivity("tokenize");
        var cutter = new QuestionWindows(answerer.Tokenizer, settings.Windows);
        List<TokenWindow> all = [];
        var owners = new TextSpan[asked.Count];
        for (var i = 0; i < owners.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = all.Count;
            WindowLimit.Check(all.Count + Named(i, name, () => cutter.Count(asked[i])), options.Limits, settings); // before they take memory
            all.AddRange(cutter.Of(asked[i]));
            owners[i] = new TextSpan(first, all.Count);
        }
        return (all, owners);
    }

    private static T Named<T>(int number, Func<int, string>? name, Func<T> of)
    {
        try
        {
            return of();
        }
        catch (XDistilException e) when (name is not null)
        {
            throw new ProblemException(Problem.Unusable($"{name(number)}: {e.Message}"), e);
        }
    }

    private static Answer[] Decode(
        QuestionAnswerer answerer,
        AnswerSettings settings,
        IReadOnlyList<QuestionInput> asked,
        (List<TokenWindow> Windows, TextSpan[] Owners) cut,
        IReadOnlyList<Engines.WindowLogits> logits
    )
    {
        var decoder = new AnswerDecoder(settings, answerer.Tokenizer.ClsId);
        AnswerBuilder? builder = null;
        string? text = null;
        var answers = new Answer[asked.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var (question, own) = (asked[i], cut.Owners[i]);
            if (builder is null || !ReferenceEquals(text, question.Context))
                (text, builder) = (question.Context, new AnswerBuilder(question.Context)); // questions about one text often follow each other
            IReadOnlyList<Engines.WindowLogits> ownLogits = [.. Enumerable.Range(own.Start, own.Length).Select(window => logits[window])];
            answers[i] = decoder
                .Decode(question.Question, question.Id, builder, question.Context, cut.Windows.GetRange(own.Start, own.Length), ownLogits)
                .Answer;
        }
        return answers;
    }
}
