using System.Diagnostics;
using TorchSharp;

namespace XDistilTorch.Tests;

/// <summary>Runs after the tests that run side by side: their models would be counted as this one's growth.</summary>
[CollectionDefinition(nameof(AnswererMemoryTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>What is left after thousands of answers: nothing.</summary>
[Collection(nameof(AnswererMemoryTests))]
public sealed class AnswererMemoryTests(ModelFolder folder) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly QuestionAnswerer answerer = QuestionAnswerer.FromPretrained(folder.Path);

    public void Dispose() => answerer.Dispose();

    private void Ask(int count)
    {
        for (var i = 0; i < count; i++)
            answerer.Answer([ModelFolder.Question(i)]);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [Fact]
    public void Thousands_of_answers_leave_no_tensor_behind()
    {
        Ask(10);
        var tensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        Ask(2000);

        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.Should().Be(tensors);
    }

    /// <remarks>
    /// One forgotten [1, S, H] a question would be 16 MB a round. What it forgets, it forgets in every round; what
    /// an allocator keeps for later use, or a runtime compiles, it does not: so the smallest growth of some rounds counts.
    /// </remarks>
    [Fact]
    public void Thousands_of_answers_leave_no_memory_behind()
    {
        const long Allowed = 8L << 20;
        var growth = long.MaxValue;
        for (var round = 0; round < 6 && growth > Allowed; round++)
        {
            var before = Resident();
            Ask(2000);
            growth = Math.Min(growth, Resident() - before);
        }

        growth.Should().BeLessThanOrEqualTo(Allowed);
    }
}
