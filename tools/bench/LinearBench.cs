using System.Runtime.Intrinsics;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Engines.Packed;
using static TorchSharp.torch;

namespace XDistilTorch.Bench;

/// <summary>
/// The packed engine's linear layers with bias and GELU beside bare products of torch's of the same shapes, on one thread, and beside the best that torch's product
/// reaches on this machine at all.
/// </summary>
internal static class LinearBench
{
    private const int Rows = 192,
        Layers = 12,
        Seed = 1;

    private static readonly PackedShape Shape = new(384, 384, 1536, 32, 512, Arithmetic.Floats);

    // A layer's four: queries, keys and values; attention output; up, with GELU; down.
    private static readonly (int Inputs, int Outputs, bool Gelu)[] Shapes =
    [
        (384, 1152, false),
        (384, 384, false),
        (384, 1536, true),
        (1536, 384, false),
    ];

    public static unsafe void Run(int rounds)
    {
        set_num_threads(1);
        random.manual_seed(Seed);
        using var _ = inference_mode();
        using var scope = NewDisposeScope();
        // Every layer has weights of its own, as in a model: they come from memory, not from the first-level cache.
        List<(Tensor X, Tensor Weight, PackedLinear Packed)> work =
        [
            .. Enumerable
                .Repeat(Shapes, Layers)
                .SelectMany(shapes => shapes)
                .Select(shape => (randn(Rows, shape.Inputs), randn(shape.Inputs, shape.Outputs), Pack(shape))),
        ];
        using var memory = new WorkerMemory(Shape);
        using var y = new AlignedFloats(Rows * 1536);
        using Tensor square = randn(GemmPeak.Size, GemmPeak.Size),
            other = randn(GemmPeak.Size, GemmPeak.Size);
        var times = Interleaved.Run(
            rounds,
            () => work.ForEach(linear => Multiply(linear.Packed, linear.X, y.Pointer, memory)),
            () => work.ForEach(linear => linear.X.mm(linear.Weight).Dispose()),
            () => square.mm(other).Dispose()
        );
        work.ForEach(linear => linear.Packed.Dispose());

        var work1 = 2.0 * Layers * Rows * Shapes.Sum(shape => (double)shape.Inputs * shape.Outputs);
        Console.WriteLine($"one thread, GFLOP/s | packed, with bias and GELU | torch.mm, bare | torch.mm, {GemmPeak.Size}³");
        Console.WriteLine(
            $"{Rows} rows | {Speed(times[0], work1)} | {Speed(times[1], work1)} | {Speed(times[2], 2.0 * GemmPeak.Size * GemmPeak.Size * GemmPeak.Size)}"
        );
        Console.WriteLine($"packed over bare torch.mm: {Interleaved.Show(Interleaved.Ratio(times[1], times[0]), "0.000")}");
    }

    private static PackedLinear Pack((int Inputs, int Outputs, bool Gelu) shape)
    {
        using var matrix = new DenseMatrix(shape.Outputs, shape.Inputs);
        var random = new Random(Seed);
        for (var output = 0; output < shape.Outputs; output++)
            foreach (ref var weight in matrix.Row(output))
                weight = random.NextSingle() - 0.5f;
        return Vectors512.IsSupported
            ? FloatLinear<Vector512<float>, Vectors512>.Pack(matrix, shape.Gelu)
            : FloatLinear<Vector256<float>, Vectors256>.Pack(matrix, shape.Gelu);
    }

    private static unsafe void Multiply(PackedLinear linear, Tensor x, float* y, WorkerMemory memory)
    {
        fixed (byte* start = x.bytes)
            for (var row = 0; row < Rows; row += Shape.BlockRows)
                linear.Multiply(
                    (float*)start + (long)row * linear.Inputs,
                    linear.Inputs,
                    Shape.BlockRows,
                    y + (long)row * linear.Stride,
                    memory
                );
    }

    private static string Speed(double[] milliseconds, double operations) =>
        Interleaved.Show([.. milliseconds.Select(ms => operations / ms / 1e6)], "0");
}
