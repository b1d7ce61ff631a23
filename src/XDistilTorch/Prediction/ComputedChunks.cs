using XDistilTorch.Data;
using XDistilTorch.Engines;

namespace XDistilTorch.Prediction;

/// <summary>Reads and cuts the rows of a data file on a thread of its own, a few chunks ahead, and computes them on the thread that takes the logits.</summary>
/// <remarks>
/// On that thread and no other: the process's first one as a rule, where glibc's allocator keeps the large blocks that a forward pass asks for again and again.
/// On a thread of ours it gives them back each time, and the pass takes a fifth longer.
/// </remarks>
internal static class ComputedChunks
{
    private const int ChunksAhead = 2;

    /// <summary>
    /// The chunks with their logits, in order. When <paramref name="stop"/> is cancelled the chunk that is being computed is finished and given, and the
    /// sequence ends.
    /// </summary>
    /// <param name="chunks">Cuts the rows.</param>
    /// <param name="items">The data; enumerated by another thread.</param>
    /// <param name="engine">Computes the logits.</param>
    /// <param name="answerer">Whose engine it is; null for one that nobody can dispose of meanwhile.</param>
    /// <param name="stop">Ends the sequence at the next chunk.</param>
    public static IEnumerable<(PreparedChunk Chunk, IReadOnlyList<WindowLogits> Logits)> Of(
        ChunkReader chunks,
        IEnumerable<DataItem> items,
        IWindowEngine engine,
        QuestionAnswerer? answerer,
        CancellationToken stop
    )
    {
        using var model = answerer?.Use(); // freed under the computing thread the process would end
        foreach (var chunk in LookAhead.Of(chunks.Read(items), ChunksAhead, stop))
        {
            if (stop.IsCancellationRequested)
                yield break;
            yield return (chunk, engine.Run(chunk.Windows, CancellationToken.None));
        }
    }
}
