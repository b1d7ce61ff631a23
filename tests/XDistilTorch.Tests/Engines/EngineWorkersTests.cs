using XDistilTorch.Engines;
using XDistilTorch.Engines.Packed;
using XDistilTorch.Engines.Workers;

namespace XDistilTorch.Tests.Engines;

/// <summary>How work goes through an engine's threads: its order, its end and its failures, with computations that the tests control.</summary>
public class EngineWorkersTests
{
    private static readonly PackedShape Small = new(16, 32, 32, 32, 40, Arithmetic.Floats);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private sealed class Fake(Action<Pack, Team, int, CancellationToken> compute) : Snapshot(Small)
    {
        public override void Compute(
            Pack pack,
            PackMemory shared,
            WorkerMemory own,
            Team team,
            int member,
            CancellationToken cancellation
        ) => compute(pack, team, member, cancellation);

        public override void Dispose() { }
    }

    private static PackRun Run(Snapshot snapshot, int packs, bool urgent = false, CancellationToken cancellation = default)
    {
        var windows = EngineWindows.OfLengths([.. Enumerable.Repeat(40, packs)]);
        return new PackRun(
            [.. windows.Select(window => Pack.Cut([window], 40)[0])],
            snapshot,
            new WindowLogits[packs],
            urgent,
            cancellation
        );
    }

    [Fact]
    public void An_exception_in_one_worker_fails_its_run_with_its_cause_and_no_other_run()
    {
        using var workers = new EngineWorkers(2, Small);
        var calls = 0;
        var failing = new Fake(
            (_, _, _, _) =>
            {
                if (Interlocked.Increment(ref calls) == 3)
                    throw new InvalidDataException("the cause");
            }
        );

        workers.Invoking(w => w.Compute(Run(failing, 200))).Should().Throw<InvalidDataException>().WithMessage("the cause");
        var begun = calls;
        workers.Invoking(w => w.Compute(Run(new Fake((_, _, _, _) => { }), 5))).Should().NotThrow();
        calls.Should().Be(begun, "what is left of a failed run is not computed");
    }

    [Fact]
    public void A_member_of_a_team_that_fails_keeps_nobody_waiting()
    {
        using var workers = new EngineWorkers(3, Small);
        workers.Compute(Run(new Fake((_, _, _, _) => { }), 5)); // all threads have started
        var largest = 0;
        var failing = new Fake(
            (_, team, member, _) =>
            {
                InterlockedMax(ref largest, team.Size);
                if (member == team.Size - 1 && team.Size > 1)
                    throw new InvalidDataException("the cause");
                team.Meet();
            }
        );

        for (var attempt = 0; attempt < 2000 && largest < 2; attempt++)
            try
            {
                workers.Compute(Run(failing, 1));
            }
            catch (InvalidDataException) { }

        largest.Should().BeGreaterThan(1, "idle workers are asked to help with the last pack");
    }

    [Fact]
    public async Task Runs_of_few_windows_go_ahead_of_bulk()
    {
        using var workers = new EngineWorkers(1, Small);
        using ManualResetEventSlim begun = new(),
            go = new();
        List<string> order = [];
        var bulk = new Fake(
            (_, _, _, _) =>
            {
                begun.Set();
                go.Wait(Patience, CancellationToken.None);
                lock (order)
                    order.Add("bulk");
            }
        );
        var single = new Fake(
            (_, _, _, _) =>
            {
                lock (order)
                    order.Add("single");
            }
        );

        var slow = Task.Run(() => workers.Compute(Run(bulk, 3)));
        begun.Wait(Patience).Should().BeTrue();
        var quick = Task.Run(() => workers.Compute(Run(single, 1, urgent: true)));
        SpinWait.SpinUntil(() => workers.Waiting == 2, Patience).Should().BeTrue();
        go.Set();
        await Task.WhenAll(slow, quick).WaitAsync(Patience);

        order.Should().Equal("bulk", "single", "bulk", "bulk");
    }

    [Fact]
    public async Task A_run_that_waits_is_cancelled_at_once_and_one_that_computes_when_it_looks()
    {
        using var workers = new EngineWorkers(1, Small);
        using CancellationTokenSource waiting = new(),
            computing = new();
        using ManualResetEventSlim begun = new();
        var patient = new Fake(
            (_, _, _, cancellation) =>
            {
                begun.Set();
                cancellation.WaitHandle.WaitOne(Patience);
                cancellation.ThrowIfCancellationRequested();
            }
        );

        var first = Task.Run(() => workers.Compute(Run(patient, 2, cancellation: computing.Token)));
        begun.Wait(Patience).Should().BeTrue();
        var second = Task.Run(() => workers.Compute(Run(patient, 2, cancellation: waiting.Token)));
        SpinWait.SpinUntil(() => workers.Waiting == 2, Patience).Should().BeTrue();
        await waiting.CancelAsync();
        await FluentActions.Awaiting(() => second.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        first.IsCompleted.Should().BeFalse();

        await computing.CancelAsync();
        await FluentActions.Awaiting(() => first.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void A_run_that_was_cancelled_before_it_came_is_never_computed()
    {
        using var workers = new EngineWorkers(1, Small);
        var calls = 0;
        var late = Run(new Fake((_, _, _, _) => calls++), 2, cancellation: new CancellationToken(canceled: true));

        workers.Invoking(w => w.Compute(late)).Should().Throw<OperationCanceledException>();
        workers.Compute(Run(new Fake((_, _, _, _) => { }), 2)); // would come after it

        calls.Should().Be(0);
    }

    [Fact]
    public async Task Disposing_computes_what_is_under_way_and_refuses_what_comes_later()
    {
        var workers = new EngineWorkers(2, Small);
        var done = 0;
        using ManualResetEventSlim begun = new();
        var slow = new Fake(
            (_, _, member, _) =>
            {
                begun.Set();
                if (member == 0)
                    Interlocked.Increment(ref done);
            }
        );
        var run = Task.Run(() => workers.Compute(Run(slow, 50)));
        begun.Wait(Patience).Should().BeTrue();

        workers.Dispose();

        await run.WaitAsync(Patience);
        done.Should().Be(50);
        workers.Invoking(w => w.Compute(Run(slow, 1))).Should().Throw<ObjectDisposedException>();
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); seen < value; seen = Volatile.Read(ref place))
            Interlocked.CompareExchange(ref place, value, seen);
    }
}
