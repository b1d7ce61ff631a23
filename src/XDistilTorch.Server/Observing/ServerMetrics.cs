using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace XDistilTorch.Server.Observing;

/// <summary>What the service counts and times, and the source of its traces; listeners are whoever asks for them by name.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string Name = "XDistilTorch.Server";

    public static readonly ActivitySource Traces = new(Name);

    private readonly Meter meter;
    private readonly Counter<long> questions,
        windows;
    private readonly Histogram<double> tokenizing,
        queueing,
        computing;
    private readonly Histogram<int> together;

    public ServerMetrics(IMeterFactory meters)
    {
        meter = meters.Create(Name);
        questions = meter.CreateCounter<long>("xdistil.questions", "{question}", "Questions answered");
        windows = meter.CreateCounter<long>("xdistil.windows", "{window}", "Windows computed");
        tokenizing = meter.CreateHistogram<double>("xdistil.tokenize.duration", "s", "Time a request's tokenization took");
        queueing = meter.CreateHistogram<double>("xdistil.queue.duration", "s", "Time a request's windows waited for the engine");
        computing = meter.CreateHistogram<double>("xdistil.compute.duration", "s", "Time a request's windows took in the engine");
        together = meter.CreateHistogram<int>("xdistil.batch.requests", "{request}", "Requests computed in one pass");
    }

    /// <summary>Has something counted whenever somebody looks.</summary>
    public void Watch(string name, string unit, string description, Func<int> value) =>
        meter.CreateObservableGauge(name, value, unit, description);

    public void Ran(int requests) => together.Record(requests);

    public void Answered(int asked, int windowCount, RequestTiming timing)
    {
        questions.Add(asked);
        windows.Add(windowCount);
        tokenizing.Record(timing.Tokenize.TotalSeconds);
        queueing.Record(timing.Queue.TotalSeconds);
        computing.Record(timing.Compute.TotalSeconds);
    }

    public void Dispose() => meter.Dispose();
}
