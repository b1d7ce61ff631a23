using System.Diagnostics;
using Microsoft.Extensions.Options;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Server.Batching;
using XDistilTorch.Server.Observing;

namespace XDistilTorch.Server.Serving;

/// <summary>Looks into a model for one client at a time; the others wait in a short queue.</summary>
internal sealed class InspectionService
{
    private readonly ModelCatalog catalog;
    private readonly ServingOptions options;
    private readonly Admission inspections;

    public InspectionService(ModelCatalog catalog, IOptions<ServingOptions> options, ServerMetrics metrics)
    {
        (this.catalog, this.options) = (catalog, options.Value);
        inspections = new Admission("inspections", this.options.Limits.QueuedInspections);
        metrics.Watch("xdistil.inspections.inside", "{inspection}", "Inspections that wait or are computed", () => inspections.Inside);
    }

    /// <summary>Where the answer's tokens look: the object of <c>xdistil inspect attention --json</c>.</summary>
    public Task<Inspected> Attention(AttentionRequest request, CancellationToken cancellation) =>
        Inspect(
            request,
            (answerer, question) =>
            {
                var report = AttentionReport.Of(
                    answerer.Model,
                    InspectedTarget.Of(question, request.Target, request.Window),
                    request.Layers,
                    request.Heads
                );
                return AttentionRecord.Of(question, report).ToJson();
            },
            cancellation
        );

    /// <summary>Which words speak for the answer: the object of <c>xdistil inspect attribution --json</c>.</summary>
    public Task<Inspected> Attribution(AttributionQuery query, CancellationToken cancellation)
    {
        var request = query.ToRequest();
        return Inspect(
            query,
            (answerer, question) =>
            {
                var decision = ExplainedDecision.Of(question, request.Target, request.Against, query.Window);
                return AttributionJson.Of(new AttributionRun(answerer, request, cancellation).Of(decision), question);
            },
            cancellation
        );
    }

    private async Task<Inspected> Inspect(
        InspectionRequest request,
        Func<QuestionAnswerer, InspectedQuestion, string> look,
        CancellationToken cancellation
    )
    {
        var host = catalog.Find(request.Model);
        var answers = request.Options?.Over(options.Answers) ?? options.Answers;
        using var place = inspections.Enter(1);
        using var lease = host.Answerer.Use();
        var start = Stopwatch.GetTimestamp();
        await Turn(host, cancellation);
        try
        {
            var queued = Stopwatch.GetElapsedTime(start);
            using var _ = ServerMetrics.Traces.StartActivity("inspect");
            // torch's scopes belong to a thread, so all of it stays on one.
            var json = await Task.Run(
                () =>
                {
                    WindowLimit.Check(host.Answerer, new QuestionInput(request.Question, request.Context), answers, options.Limits);
                    return look(
                        host.Answerer,
                        InspectedQuestion.Of(host.Answerer, request.Question, request.Context, answers, cancellation)
                    );
                },
                cancellation
            );
            return new Inspected(json, new RequestTiming(TimeSpan.Zero, queued, Stopwatch.GetElapsedTime(start) - queued));
        }
        finally
        {
            host.Inspecting.Release();
        }
    }

    private static async Task Turn(ModelHost host, CancellationToken cancellation)
    {
        try
        {
            await host.Inspecting.WaitAsync(cancellation);
        }
        catch (OperationCanceledException e)
        {
            throw new WorkCancelledException(begun: false, e);
        }
    }
}

/// <summary>What an inspection found.</summary>
/// <param name="Json">One object.</param>
/// <param name="Timing">Where the time went; tokenizing is part of computing.</param>
internal sealed record Inspected(string Json, RequestTiming Timing);
