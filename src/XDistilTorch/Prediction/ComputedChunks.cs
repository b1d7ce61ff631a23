using XDistilTorch.Data;
using XDistilTorch.Engines;

namespace XDistilTorch.Prediction;

/// <summary>Reads, cuts and computes the rows of a data file, each on a thread of its own, a few chunks ahead of the one who takes the logits.</summary>
internal static class ComputedChunks
{
    private const int ChunksAhead = 2;

    /// <summary>
    /// The chunks with their logits, in order. When <paramref name="stop"/> is cancelled the chunk that is being computed is finished and given, and the
    /// sequence ends; breaking off the enumeration stops after the batch that is being computed.
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
        using var left = new CancellationTokenSource();
        try
        {
            var prepared = LookAhead.Of(chunks.Read(items), ChunksAhead, stop);
            foreach (
                var computed in LookAhead.Of(Compute(prepared, engine, answerer, stop, left.Token), ChunksAhead, CancellationToken.None)
            )
                yield return computed;
        }
        finally
        {
            left.Cancel();
        }
    }

    private static IEnumerable<(PreparedChunk Chunk, IReadOnlyList<WindowLogits> Logits)> Compute(
        IEnumerable<PreparedChunk> chunks,
        IWindowEngine engine,
        QuestionAnswerer? answerer,
        CancellationToken stop,
        CancellationToken left
    )
    {
        using var model = answerer?.Use(); // freed under the computing thread the process would end
        foreach (var chunk in chunks)
        {
            if (stop.IsCancellationRequested)
                yield break;
            yield return (chunk, engine.Run(chunk.Windows, left));
        }
    }
}
