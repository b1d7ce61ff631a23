using XDistilTorch.Modeling;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Engines;

/// <summary>
/// Runs windows through the module tree itself, in batches of windows of similar length. Weights that were edited and parts that were replaced take effect
/// at once. Safe to use from several threads as long as nobody changes the model meanwhile.
/// </summary>
/// <param name="model">The model; stays the caller's.</param>
/// <param name="device">Where its weights are.</param>
public sealed class EagerEngine(BertForQuestionAnswering model, Device device) : IWindowEngine
{
    // Larger batches are no faster on a CPU and hold more memory at once.
    private const int TokensPerBatch = 8 * 384;

    // Padding is computed like everything else: beyond this share a batch of its own is cheaper.
    private const double MostPadding = 0.05;

    /// <summary>The logits of every window, in the order given.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; looked at before every batch.</exception>
    public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
    {
        var results = new WindowLogits[windows.Count];
        foreach (var batch in Batches([.. windows.Select(window => window.Ids.Length)]))
        {
            cancellation.ThrowIfCancellationRequested();
            RunBatch(windows, batch.Span, results);
        }
        return results;
    }

    /// <summary>Which windows are computed together, by their numbers, the longest first.</summary>
    internal static IEnumerable<ReadOnlyMemory<int>> Batches(int[] lengths)
    {
        int[] byLength = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => lengths[i]).ThenBy(i => i)];
        for (var from = 0; from < byLength.Length; )
        {
            var count = BatchSize(lengths, byLength.AsSpan(from));
            yield return byLength.AsMemory(from, count);
            from += count;
        }
    }

    private static int BatchSize(int[] lengths, ReadOnlySpan<int> byLength)
    {
        int longest = lengths[byLength[0]],
            tokens = longest,
            count = 1;
        while (count < byLength.Length && (count + 1) * longest <= TokensPerBatch)
        {
            tokens += lengths[byLength[count]];
            if (1 - (double)tokens / ((count + 1) * longest) > MostPadding)
                break;
            count++;
        }
        return count;
    }

    private void RunBatch(IReadOnlyList<TokenWindow> windows, ReadOnlySpan<int> chosen, WindowLogits[] results)
    {
        int length = windows[chosen[0]].Ids.Length,
            cells = chosen.Length * length;
        long[] ids = new long[cells],
            types = new long[cells],
            mask = new long[cells];
        for (var row = 0; row < chosen.Length; row++)
        {
            var window = windows[chosen[row]];
            for (var i = 0; i < window.Ids.Length; i++)
                (ids[row * length + i], types[row * length + i], mask[row * length + i]) = (window.Ids[i], window.TypeIds[i], 1);
        }
        var (start, end) = Forward(ids, types, mask.Contains(0) ? mask : null, chosen.Length, length);
        for (var row = 0; row < chosen.Length; row++)
        {
            var own = windows[chosen[row]].Ids.Length;
            results[chosen[row]] = new WindowLogits(start.AsSpan(row * length, own).ToArray(), end.AsSpan(row * length, own).ToArray());
        }
    }

    private (float[] Start, float[] End) Forward(long[] ids, long[] types, long[]? mask, int batch, int length)
    {
        using var scope = NewDisposeScope();
        using var _ = inference_mode();
        using var output = model.Forward(
            new BertInput
            {
                InputIds = tensor(ids, [batch, length], device: device),
                TokenTypeIds = tensor(types, [batch, length], device: device),
                AttentionMask = mask is null ? null : tensor(mask, [batch, length], device: device), // no padding: nothing to add to the scores
            }
        );
        return (ToArray(output.StartLogits), ToArray(output.EndLogits));
    }

    private static float[] ToArray(Tensor logits) => logits.to(ScalarType.Float32).cpu().data<float>().ToArray();
}
