using System.Collections.Concurrent;
using XDistilTorch.Engines;
using XDistilTorch.Server.Batching;
using XDistilTorch.Windows;

namespace XDistilTorch.Server.Tests;

/// <summary>How work of many requests comes to an engine.</summary>
public sealed class LaneTests : IDisposable
{
    private readonly GatedEngine engine = new();

    public void Dispose() => engine.Dispose();

    private static TokenWindow Window(int length, int id) =>
        new()
        {
            Index = 0,
            Ids = [.. Enumerable.Repeat(id, length)],
            TypeIds = new int[length],
            Offsets = new TextSpan[length],
            WordIds = new int[length],
            SequenceIds = new int[length],
            ContextStart = 0,
            ContextEnd = length,
        };

    private static WindowWork Work(int length, int id, CancellationToken cancellation = default) => new([Window(length, id)], cancellation);

    [Fact]
    public async Task What_waits_goes_together_until_it_is_enough()
    {
        using var lane = new Lane("test", engine, runners: 1, new BatchSize(100, 200), _ => { });
        var first = lane.RunAsync(Work(50, 0));
        await engine.Entered(1);
        Task<IReadOnlyList<WindowLogits>>[] waiting =
        [
            .. ((int[])[60, 60, 60, 180, 30, 30]).Select((length, i) => lane.RunAsync(Work(length, i + 1))),
        ];

        engine.Open();
        var results = await Task.WhenAll(waiting.Prepend(first));

        engine.Runs.Should().Equal("0", "1 2", "3", "4", "5 6");
        results.Select(logits => (int)logits.Single().Start[0]).Should().Equal(0, 1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public async Task Work_that_nobody_waits_for_any_more_leaves_the_queue_at_once()
    {
        using var lane = new Lane("test", engine, runners: 1, BatchSize.Alone, _ => { });
        using var leaving = new CancellationTokenSource();
        var first = lane.RunAsync(Work(5, 0));
        await engine.Entered(1);
        var left = lane.RunAsync(Work(5, 1, leaving.Token));
        var stays = lane.RunAsync(Work(5, 2));
        lane.Waiting.Should().Be(2);

        await leaving.CancelAsync();

        lane.Waiting.Should().Be(1);
        await FluentActions.Awaiting(() => left).Should().ThrowAsync<OperationCanceledException>();
        engine.Open();
        await Task.WhenAll(first, stays);
        engine.Runs.Should().Equal("0", "2");
    }

    [Fact]
    public async Task Work_in_the_engine_is_told_that_nobody_waits()
    {
        using var lane = new Lane("test", engine, runners: 1, BatchSize.Alone, _ => { });
        using var leaving = new CancellationTokenSource();
        var work = Work(5, 0, leaving.Token);
        var running = lane.RunAsync(work);
        await engine.Entered(1);

        await leaving.CancelAsync();

        await FluentActions.Awaiting(() => running).Should().ThrowAsync<OperationCanceledException>();
        work.HasBegun.Should().BeTrue();
        engine.Open();
        (await lane.RunAsync(Work(5, 7)))[0].Start[0].Should().Be(7);
    }

    [Fact]
    public async Task A_failure_reaches_all_who_waited_and_nobody_else()
    {
        using var lane = new Lane("test", engine, runners: 1, new BatchSize(100, 200), _ => { });
        var first = lane.RunAsync(Work(5, 0));
        await engine.Entered(1);
        var (good, bad) = (lane.RunAsync(Work(5, 1)), lane.RunAsync(Work(5, GatedEngine.Bad)));

        engine.Open();

        await first;
        await FluentActions.Awaiting(() => good).Should().ThrowAsync<DivideByZeroException>();
        await FluentActions.Awaiting(() => bad).Should().ThrowAsync<DivideByZeroException>();
        (await lane.RunAsync(Work(5, 3)))[0].Start[0].Should().Be(3);
    }

    [Fact]
    public async Task At_the_end_what_waits_is_computed_and_nothing_more_is_taken()
    {
        var lane = new Lane("test", engine, runners: 2, BatchSize.Alone, _ => { });
        Task<IReadOnlyList<WindowLogits>>[] work = [.. Enumerable.Range(0, 10).Select(i => lane.RunAsync(Work(5, i)))];
        engine.Open();

        lane.Dispose();

        (await Task.WhenAll(work)).Select(logits => (int)logits[0].Start[0]).Should().Equal(Enumerable.Range(0, 10));
        await FluentActions.Awaiting(() => lane.RunAsync(Work(5, 0))).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public void A_full_house_lets_nobody_in_until_somebody_leaves()
    {
        var admission = new Admission("questions", 3);
        var two = admission.Enter(2);
        var one = admission.Enter(1);

        FluentActions.Invoking(() => admission.Enter(1)).Should().Throw<ProblemException>().Which.Problem.Status.Should().Be(429);
        FluentActions.Invoking(() => admission.Enter(4)).Should().Throw<ProblemException>().Which.Problem.Status.Should().Be(413);
        one.Dispose();
        one.Dispose(); // once only
        admission.Inside.Should().Be(2);
        admission.Enter(1).Dispose();
        two.Dispose();
        admission.Inside.Should().Be(0);
    }

    /// <summary>An engine that computes when it is let, gives each window its first id, and remembers what came together.</summary>
    private sealed class GatedEngine : IWindowEngine, IDisposable
    {
        public const int Bad = 99;

        private readonly ManualResetEventSlim gate = new();
        private readonly SemaphoreSlim entered = new(0);
        private readonly ConcurrentQueue<string> runs = new();

        public IReadOnlyList<string> Runs => [.. runs];

        public void Open() => gate.Set();

        public async Task Entered(int count)
        {
            for (var i = 0; i < count; i++)
                (await entered.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        }

        public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
        {
            runs.Enqueue(string.Join(' ', windows.Select(window => window.Ids[0])));
            entered.Release();
            gate.Wait(cancellation);
            if (windows.Any(window => window.Ids[0] == Bad))
                throw new DivideByZeroException();
            return [.. windows.Select(window => new WindowLogits([window.Ids[0]], [0]))];
        }

        public void Dispose()
        {
            gate.Set();
            gate.Dispose();
            entered.Dispose();
        }
    }
}
