using CsCheck;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Engines.Packed;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Engines;

/// <summary>The kernels of each vector width, against double precision and against torch.</summary>
internal sealed unsafe class KernelChecks<TVector, TVectors> : IKernelChecks
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private static readonly PackedShape Shape = new(96, 96, 1536, 32, 400, PackedShape.Block(quantized: false));

    public void Gelu_is_within_three_ten_millionths_of_the_exact_one()
    {
        // P(X <= x) = erfc(-x / sqrt(2)) / 2
        using var x = linspace(-12, 12, 32 * 4000, dtype: ScalarType.Float32);
        using var exact = x.to(ScalarType.Float64).mul(special.erfc(x.to(ScalarType.Float64).mul(-Math.Sqrt(0.5)))).mul(0.5);
        var own = x.data<float>().ToArray();

        fixed (float* start = own)
            for (var i = 0; i < own.Length; i += 2 * TVectors.Count)
                Gelu<TVector, TVectors>.Apply(start + i, 1, 0);

        using var error = tensor(own).sub(exact).abs().div(x.abs().clamp(min: 1));
        error.max().item<double>().Should().BeLessThan(3e-7);
    }

    public void Powers_of_two_are_within_two_units_in_the_last_place()
    {
        var x = Enumerable.Range(0, 64 * 500).Select(i => -126 + i * (253f / (64 * 500))).ToArray();
        var own = new float[x.Length];

        fixed (
            float* from = x,
                to = own
        )
            for (var i = 0; i < x.Length; i += TVectors.Count)
                TVectors.Store(ExponentOfTwo<TVector, TVectors>.Of(TVectors.Load(from + i)), to + i);

        own.Zip(x, (y, i) => Math.Abs(y / Math.Pow(2, i) - 1)).Max().Should().BeLessThan(2.5e-7);
    }

    public void Rough_gelu_is_within_a_hundredth_of_a_bytes_step()
    {
        using var x = linspace(-8, 8, 64 * 500);
        using var exact = nn.functional.gelu(x);
        var own = new float[x.numel()];

        fixed (
            float* from = x.data<float>().ToArray(),
                to = own
        )
            for (var i = 0; i < own.Length; i += TVectors.Count)
                TVectors.Store(Gelu<TVector, TVectors>.Rough(TVectors.Load(from + i)), to + i);

        using var error = tensor(own).sub(exact).abs();
        error.max().item<float>().Should().BeLessThan(2e-4f);
    }

    private static DenseMatrix Matrix(Random random, int outputs, int inputs)
    {
        var matrix = new DenseMatrix(outputs, inputs);
        Numbers(random, outputs).CopyTo(matrix.Bias);
        for (var output = 0; output < outputs; output++)
            Numbers(random, inputs).CopyTo(matrix.Row(output));
        return matrix;
    }

    public void A_matrix_product_is_what_double_precision_gives_for_every_number_of_rows_and_outputs() =>
        Gen.Select(Gen.Int[1, PackedShape.Block(quantized: false)], Gen.Int[1, 100], Gen.Int[1, 70], Gen.Int[0, 1000])
            .Sample(
                (rows, inputs, outputs, seed) =>
                {
                    var random = new Random(seed);
                    using var matrix = Matrix(random, outputs, inputs);
                    var x = Numbers(random, rows * inputs);
                    using var linear = FloatLinear<TVector, TVectors>.Pack(matrix);
                    using var memory = new WorkerMemory(Shape);
                    var y = new float[rows * linear.Stride];
                    fixed (
                        float* from = x,
                            to = y
                    )
                        linear.Multiply(from, inputs, rows, to, memory);

                    for (var row = 0; row < rows; row++)
                    for (var output = 0; output < outputs; output++)
                    {
                        double sum = matrix.Bias[output];
                        for (var i = 0; i < inputs; i++)
                            sum += (double)x[row * inputs + i] * matrix.Row(output)[i];
                        y[row * linear.Stride + output].Should().BeApproximately((float)sum, 1e-4f);
                    }
                },
                iter: 40
            );

    public void A_rows_product_is_the_same_bits_among_any_number_of_rows()
    {
        var random = new Random(3);
        using var matrix = Matrix(random, 64, 48);
        using var linear = FloatLinear<TVector, TVectors>.Pack(matrix, gelu: true);
        using var memory = new WorkerMemory(Shape);
        var x = Numbers(random, 48 * 48);
        var alone = new float[48 * 64];
        fixed (
            float* from = x,
                to = alone
        )
            for (var row = 0; row < 48; row++)
                linear.Multiply(from + row * 48, 48, 1, to + row * 64, memory);

        for (var rows = 1; rows <= 48; rows++)
        {
            var together = new float[48 * 64];
            fixed (
                float* from = x,
                    to = together
            )
                linear.Multiply(from, 48, rows, to, memory);
            together[..(rows * 64)].Should().Equal(alone[..(rows * 64)]);
        }
    }

    public void Attention_is_torchs(int length, int rows)
    {
        const int Size = 32;
        rows = Math.Min(rows, Math.Min(length, TVectors.TileRows));
        using Tensor q = randn(rows, Size),
            k = randn(length, Size),
            v = randn(length, Size);
        using var expected = nn.functional.softmax(q.mm(k.t()).div(Math.Sqrt(Size)), -1).mm(v);
        using var memory = new WorkerMemory(Shape);
        var scaled = q.mul(1 / (Math.Log(2) * Math.Sqrt(Size))).data<float>().ToArray();
        var context = new float[rows * Size];

        fixed (
            float* queries = scaled,
                keys = k.data<float>().ToArray(),
                values = v.data<float>().ToArray(),
                to = context
        )
        {
            Panels<TVector, TVectors>.Transpose(keys, Size, length, Size, memory.Keys);
            AttentionKernel<TVector, TVectors>.PackValues(values, Size, length, Size, memory.Values);
            AttentionKernel<TVector, TVectors>.Attend(
                rows,
                queries,
                Size,
                memory.Keys,
                memory.Values,
                length,
                Size,
                memory.Scores,
                memory.Zeros,
                to,
                Size
            );
        }

        tensor(context).view(rows, Size).sub(expected).abs().max().item<float>().Should().BeLessThan(3e-6f);
    }

    public void Scores_of_any_size_make_no_infinities()
    {
        const int Size = 32;
        using var memory = new WorkerMemory(Shape);
        float[] queries = [.. Enumerable.Repeat(-1000f, Size)],
            keys = [.. Enumerable.Range(0, 40 * Size).Select(i => 1f + i / Size)],
            values = [.. Enumerable.Range(0, 40 * Size).Select(i => (float)(i / Size))];
        var context = new float[Size];

        fixed (
            float* q = queries,
                k = keys,
                v = values,
                to = context
        )
        {
            Panels<TVector, TVectors>.Transpose(k, Size, 40, Size, memory.Keys);
            AttentionKernel<TVector, TVectors>.PackValues(v, Size, 40, Size, memory.Values);
            AttentionKernel<TVector, TVectors>.Attend(
                1,
                q,
                Size,
                memory.Keys,
                memory.Values,
                40,
                Size,
                memory.Scores,
                memory.Zeros,
                to,
                Size
            );
        }

        context.Should().OnlyContain(x => x < 1e-30f, "all of the weight lies on the first key, whose value is 0");
    }

    public void LayerNorm_is_torchs()
    {
        using Tensor x = randn(5, 96).mul(3).add(7),
            residual = randn(5, 96),
            weight = randn(96),
            bias = randn(96);
        using var expected = nn.functional.layer_norm(x.add(residual), [96], weight, bias, 1e-12);
        using var norm = new NormNumbers(weight.data<float>().ToArray(), bias.data<float>().ToArray(), 1e-12);
        var own = residual.data<float>().ToArray();

        fixed (
            float* from = x.data<float>().ToArray(),
                to = own
        )
            Normalization<TVector, TVectors>.AddAndApply(from, 96, to, 5, 96, norm);

        tensor(own).view(5, 96).sub(expected).abs().max().item<float>().Should().BeLessThan(3e-6f);
    }

    public void A_quantised_row_is_within_half_a_step_and_zero_is_exact() =>
        Gen.Float[-50, 50]
            .Array[4 * 16]
            .Select(Gen.Bool)
            .Sample(
                (x, seven) =>
                {
                    var steps = seven ? 127f : 255f;
                    x[5] = 0;
                    var bytes = new byte[x.Length];
                    float scale,
                        zero;
                    fixed (float* from = x)
                    fixed (byte* to = bytes)
                        Quantization<TVector, TVectors>.Row(from, x.Length, steps, to, out scale, out zero);

                    for (var i = 0; i < x.Length; i++)
                        Math.Abs(scale * (bytes[i] - zero) - x[i]).Should().BeLessThan(scale * 1.001f); // half a step, and half of the zero's own rounding at the ends
                    bytes[5].Should().Be((byte)zero);
                    bytes.Max().Should().BeLessThanOrEqualTo((byte)steps);
                },
                iter: 200
            );

    public void A_row_of_zeros_is_quantised_to_zeros()
    {
        var x = new float[32];
        var bytes = new byte[32];
        float scale,
            zero;
        fixed (float* from = x)
        fixed (byte* to = bytes)
            Quantization<TVector, TVectors>.Row(from, 32, 255, to, out scale, out zero);

        bytes.Should().OnlyContain(b => scale * (b - zero) == 0);
    }

    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
}
