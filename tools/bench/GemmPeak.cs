using static TorchSharp.torch;

namespace XDistilTorch.Bench;

/// <summary>The best that libtorch's own product reaches on this machine: what the speed of an engine can be held against.</summary>
internal static class GemmPeak
{
    public const int Size = 1024;

    /// <returns>GFLOP/s of each round.</returns>
    public static double[] Measure(int rounds, int threads)
    {
        set_num_threads(threads);
        using var _ = inference_mode();
        using var scope = NewDisposeScope();
        using Tensor a = randn(Size, Size),
            b = randn(Size, Size);
        var times = Interleaved.Run(rounds, () => a.mm(b).Dispose());
        return [.. times[0].Select(ms => 2.0 * Size * Size * Size / ms / 1e6)];
    }
}
