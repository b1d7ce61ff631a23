using Microsoft.ML.OnnxRuntime;
using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench.Rivals;

/// <summary>ONNX Runtime over one of our graphs, in one of its feedings. Loading and its own optimisation of the graph happen in the constructor.</summary>
internal sealed class OnnxRuntimeRival : IRival
{
    private const int BatchSize = 8;

    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] Outputs = ["start_logits", "end_logits"];

    private readonly InferenceSession[] sessions;
    private readonly OnnxRuntimeFeeding feeding;

    /// <param name="graph">The graph's file.</param>
    /// <param name="what">What the graph is, for the table.</param>
    /// <param name="feeding">How windows are given to it.</param>
    /// <param name="threads">How many threads may compute at once.</param>
    public OnnxRuntimeRival(string graph, string what, OnnxRuntimeFeeding feeding, int threads)
    {
        this.feeding = feeding;
        Threads = threads;
        var count = feeding == OnnxRuntimeFeeding.OneSessionAThread ? threads : 1;
        Name = $"ONNX Runtime {what}, " + FeedingName(feeding, threads);
        sessions = [.. Enumerable.Range(0, count).Select(_ => Session(graph, threads / count))];
    }

    /// <summary>One for each feeding.</summary>
    public static IEnumerable<IRival> InAllFeedings(string graph, string what, int threads) =>
        Enum.GetValues<OnnxRuntimeFeeding>().Select(feeding => new OnnxRuntimeRival(graph, what, feeding, threads));

    public string Name { get; }

    public int Threads { get; }

    private static string FeedingName(OnnxRuntimeFeeding feeding, int threads) =>
        feeding switch
        {
            OnnxRuntimeFeeding.OneWindow => $"one window x {threads}",
            OnnxRuntimeFeeding.OneSessionAThread => $"{threads} sessions x 1",
            _ => $"sorted batches of {BatchSize} x {threads}",
        };

    // Spinning of the threads between operators stays as it is by default, on: it is what makes short operators fast, and the machine is the bench's alone.
    private static InferenceSession Session(string graph, int threads)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        return new InferenceSession(graph, options);
    }

    public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows)
    {
        var results = new WindowLogits[windows.Count];
        switch (feeding)
        {
            case OnnxRuntimeFeeding.OneWindow:
                for (var i = 0; i < windows.Count; i++)
                    RunBatch(sessions[0], windows, [i], results);
                break;
            case OnnxRuntimeFeeding.OneSessionAThread:
                RunInSessions(windows, results);
                break;
            default:
                foreach (var batch in Enumerable.Range(0, windows.Count).OrderByDescending(i => windows[i].Length).Chunk(BatchSize))
                    RunBatch(sessions[0], windows, batch, results);
                break;
        }
        return results;
    }

    private void RunInSessions(IReadOnlyList<TokenWindow> windows, WindowLogits[] results)
    {
        var next = -1;
        // The longest first, so that no session is left with a long one at the end.
        int[] order = [.. Enumerable.Range(0, windows.Count).OrderByDescending(i => windows[i].Length)];
        var workers = sessions.Skip(1).Select(session => new Thread(() => Work(session))).ToList();
        workers.ForEach(worker => worker.Start());
        Work(sessions[0]);
        workers.ForEach(worker => worker.Join());

        void Work(InferenceSession session)
        {
            for (var i = Interlocked.Increment(ref next); i < order.Length; i = Interlocked.Increment(ref next))
                RunBatch(session, windows, [order[i]], results);
        }
    }

    private static void RunBatch(InferenceSession session, IReadOnlyList<TokenWindow> windows, int[] chosen, WindowLogits[] results)
    {
        var length = chosen.Max(i => windows[i].Length);
        long[] shape = [chosen.Length, length];
        long[] ids = new long[chosen.Length * length],
            mask = new long[ids.Length],
            types = new long[ids.Length];
        for (var row = 0; row < chosen.Length; row++)
        {
            var window = windows[chosen[row]];
            for (var i = 0; i < window.Length; i++)
                (ids[row * length + i], types[row * length + i], mask[row * length + i]) = (window.Ids[i], window.TypeIds[i], 1);
        }
        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape),
            maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape),
            typesValue = OrtValue.CreateTensorValueFromMemory(types, shape);
        using var run = new RunOptions();
        using var logits = session.Run(run, Inputs, [idsValue, maskValue, typesValue], Outputs);
        ReadOnlySpan<float> start = logits[0].GetTensorDataAsSpan<float>(),
            end = logits[1].GetTensorDataAsSpan<float>();
        for (var row = 0; row < chosen.Length; row++)
        {
            var own = windows[chosen[row]].Length;
            results[chosen[row]] = new WindowLogits(start.Slice(row * length, own).ToArray(), end.Slice(row * length, own).ToArray());
        }
    }

    public void Dispose()
    {
        foreach (var session in sessions)
            session.Dispose();
    }
}
