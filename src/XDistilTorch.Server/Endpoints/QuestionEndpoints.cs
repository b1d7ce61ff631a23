using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using XDistilTorch.Server.Requests;
using XDistilTorch.Server.Serving;

namespace XDistilTorch.Server.Endpoints;

/// <summary>From a request's bytes to its response, for each endpoint that asks a model.</summary>
internal sealed class QuestionEndpoints(
    ModelCatalog catalog,
    QuestionService questions,
    InspectionService inspections,
    IOptions<ServingOptions> options,
    ServingState state,
    ILogger<QuestionEndpoints> log
)
{
    private readonly ServingOptions options = options.Value;

    /// <summary><c>POST /</c> and <c>POST /models/{name}</c>.</summary>
    public Task<IResult> Hosted(HttpContext http, string? model) =>
        Answer(
            http,
            async stop =>
            {
                var host = catalog.Find(model);
                var request = await Read(http, root => HostedRequest.Read(root, options.Limits), stop);
                var answers = HostedParameters.Over(request.Parameters, options.Answers);
                var input = new QuestionInput(request.Inputs.Question, request.Inputs.Context);
                var answered = await questions.AnswerAsync(host, [input], answers, _ => "$.inputs", stop);
                Log(http, host, answered);
                var body = ResponseJson.Of(HostedAnswer.Of(answered.Answers[0], answers.TopK), answers.TopK > 1);
                return new JsonText(body, answered.Timing);
            }
        );

    /// <summary><c>POST /v1/answers</c>.</summary>
    public Task<IResult> Answers(HttpContext http) =>
        Answer(
            http,
            async stop =>
            {
                var request = await Read(http, root => AnswersRequest.Read(root, options.Limits), stop);
                var host = catalog.Find(request.Model);
                var all = request.All;
                var answered = await questions.AnswerAsync(
                    host,
                    [.. all.Select(asked => new QuestionInput(asked.Question, asked.Context, asked.Id))],
                    request.Options?.Over(options.Answers) ?? options.Answers,
                    number => all[number].Path,
                    stop
                );
                Log(http, host, answered);
                return new JsonText(ResponseJson.Of(host.Name, answered.Answers), answered.Timing);
            }
        );

    /// <summary><c>POST /v1/inspect/attention</c>.</summary>
    public Task<IResult> Attention(HttpContext http) =>
        Answer(
            http,
            async stop => Of(await inspections.Attention(await Read(http, root => AttentionRequest.Read(root, options.Limits), stop), stop))
        );

    /// <summary><c>POST /v1/inspect/attribution</c>.</summary>
    public Task<IResult> Attribution(HttpContext http) =>
        Answer(
            http,
            async stop =>
                Of(await inspections.Attribution(await Read(http, root => AttributionQuery.Read(root, options.Limits), stop), stop))
        );

    private static JsonText Of(Inspected inspected) => new(Encoding.UTF8.GetBytes(inspected.Json), inspected.Timing);

    private async Task<T> Read<T>(HttpContext http, Func<System.Text.Json.JsonElement, T> read, CancellationToken stop) =>
        RequestJson.Read(await RequestBody.ReadAsync(http, options.Limits.BodyBytes, stop), read);

    // The request ends with its client or with its time, whichever ends first.
    private async Task<IResult> Answer(HttpContext http, Func<CancellationToken, Task<IResult>> work)
    {
        using var underWay = state.Enter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        stop.CancelAfter(options.Limits.Timeout);
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException e) when (!http.RequestAborted.IsCancellationRequested && stop.IsCancellationRequested)
        {
            var seconds = options.Limits.Timeout.TotalSeconds;
            throw new ProblemException(
                e is Batching.WorkCancelledException { Begun: false }
                    ? Problem.NotBegunInTime(
                        $"the request waited for {seconds:0.#} s without its turn coming. Try again when less is asked."
                    )
                    : Problem.NotComputedInTime($"the answer was not there after {seconds:0.#} s. Ask less at once."),
                e
            );
        }
    }

    private void Log(HttpContext http, ModelHost host, AnsweredQuestions answered)
    {
        if (!log.IsEnabled(LogLevel.Information))
            return;
        log.LogInformation(
            "{Id} {Model}: {Questions} questions, {Windows} windows, {Timing}",
            RequestId.Of(http),
            host.Name,
            answered.Answers.Count,
            answered.Windows,
            answered.Timing.ToHeader()
        );
        if (options.LogTexts)
            foreach (var answer in answered.Answers)
                log.LogInformation("{Id} {Record}", RequestId.Of(http), answer.ToJson());
    }
}
