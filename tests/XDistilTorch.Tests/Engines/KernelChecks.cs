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
    private static readonly PackedShape Shape = new(96, 96, 1536, 32, 400, Arithmetic.Floats);

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
        Gen.Select(Gen.Int[1, Shape.BlockRows], Gen.Int[1, 100], Gen.Int[1, 70], Gen.Int[0, 1000])
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
        AttentionIsTorchs<FloatAttention<TVector, TVectors>>(length, rows, 32, 3e-6f);
        AttentionIsTorchs<FloatAttention<TVector, TVectors>>(length, rows, 64, 3e-6f);
    }

    // Values of 12 bits up to about 4: half a step is 5e-4; scores are off by some thousandths.
    public void Attention_in_whole_numbers_is_near_torchs(int length, int rows)
    {
        AttentionIsTorchs<ShortAttention<TVector, TVectors>>(length, rows, 32, 2e-3f);
        AttentionIsTorchs<ShortAttention<TVector, TVectors>>(length, rows, 64, 2e-3f);
    }

    private static void AttentionIsTorchs<TAttention>(int length, int rows, int size, float tolerance)
        where TAttention : struct, IAttention
    {
        rows = Math.Min(rows, Math.Min(length, TVectors.TileRows));
        using var scope = NewDisposeScope();
        Tensor q = randn(rows, size),
            k = randn(length, size),
            v = randn(length, size);
        var expected = nn.functional.softmax(q.mm(k.t()).div(Math.Sqrt(size)), -1).mm(v);

        var context = Attend<TAttention>(
            q.mul(1 / (Math.Log(2) * Math.Sqrt(size))).data<float>().ToArray(),
            k.data<float>().ToArray(),
            v.data<float>().ToArray(),
            size
        );

        tensor(context).view(rows, size).sub(expected).abs().max().item<float>().Should().BeLessThan(tolerance);
    }

    private static float[] Attend<TAttention>(float[] queries, float[] keys, float[] values, int size)
        where TAttention : struct, IAttention
    {
        using var memory = new AttentionMemory(Shape.Positions, size);
        var context = new float[queries.Length];
        var all = new float[Math.Max(keys.Length, queries.Length)]; // other queries of the window
        queries.CopyTo(all, 0);
        fixed (
            float* q = all,
                k = keys,
                v = values,
                to = context
        )
        {
            TAttention.Prepare(q, k, v, size, keys.Length / size, size, memory);
            TAttention.Attend(queries.Length / size, q, size, keys.Length / size, size, memory, to, size);
        }
        return context;
    }

    // Everything at its largest: the sums come as near to 32 bits as they can. One key is the opposite of all others: a sum that wrapped would take their weight to it, or theirs from them.
    public void Sums_of_whole_numbers_do_not_leave_32_bits(int length)
    {
        foreach (var size in new[] { 32, 64, 128 })
        {
            float[] ones = [.. Enumerable.Repeat(1f, length * size)],
                signed = [.. ones[size..], .. Enumerable.Repeat(-1f, size)];

            Attend<ShortAttention<TVector, TVectors>>(ones[..size], ones, ones, size).Should().OnlyContain(x => Math.Abs(x - 1) < 1e-3f);
            if (length > 1)
                Attend<ShortAttention<TVector, TVectors>>(ones[..size], signed, signed, size)
                    .Should()
                    .OnlyContain(x => Math.Abs(x - 1) < 1e-3f);
        }
    }

    public void Layers_of_any_width_do_not_leave_32_bits()
    {
        foreach (var inputs in new[] { 16, 37, 384, 1536, 4096 })
        {
            using var matrix = new DenseMatrix(3, inputs);
            matrix.Row(0).Fill(1);
            matrix.Row(1).Fill(-1);
            using var linear = ShortLinear<TVector, TVectors>.Pack(matrix, gelu: false);
            using var memory = new WorkerMemory(Shape with { Intermediate = 4096 });
            var stride = Panels<TVector, TVectors>.Padded(inputs);
            float[] x = [.. Enumerable.Range(0, 2 * stride).Select(i => i % stride < inputs ? 1 - 2 * (i / stride) : 0f)]; // a row of 1, one of -1
            var y = new float[2 * linear.Stride];
            fixed (
                float* from = x,
                    to = y
            )
                linear.Multiply(from, stride, 2, to, memory);

            foreach (var (i, expected) in new float[] { inputs, -inputs, 0 }.Index())
            {
                y[i].Should().BeApproximately(expected, 1e-3f * inputs);
                y[linear.Stride + i].Should().BeApproximately(-expected, 1e-3f * inputs);
            }
        }
    }

    public void Scores_of_any_size_make_no_infinities()
    {
        ScoresOfAnySize<FloatAttention<TVector, TVectors>>();
        ScoresOfAnySize<ShortAttention<TVector, TVectors>>();
    }

    private static void ScoresOfAnySize<TAttention>()
        where TAttention : struct, IAttention
    {
        const int Size = 32,
            Length = 40;
        float[] rising = [.. Enumerable.Range(0, Length * Size).Select(i => (float)(i / Size))];

        Attend<TAttention>([.. Enumerable.Repeat(-1000f, Size)], [.. rising.Select(x => 1 + x)], rising, Size)
            .Should()
            .OnlyContain(x => x < 1e-30f, "all of the weight lies on the first key, whose value is 0");
        Attend<TAttention>(new float[Size], new float[Length * Size], rising, Size)
            .Should()
            .OnlyContain(x => Math.Abs(x - 19.5f) < 0.01f, "all weights are alike");
    }

    public void What_is_not_finite_stays_so()
    {
        foreach (var odd in new[] { float.NaN, float.PositiveInfinity })
        {
            float[] ones = [.. Enumerable.Repeat(1f, 32 * 5)],
                spoiled = [.. ones];
            spoiled[40] = odd;
            Attend<ShortAttention<TVector, TVectors>>(spoiled[32..64], ones, ones, 32).Should().OnlyContain(x => float.IsNaN(x));
            Attend<ShortAttention<TVector, TVectors>>(ones[..32], spoiled, ones, 32).Should().OnlyContain(x => float.IsNaN(x));
            Attend<ShortAttention<TVector, TVectors>>(ones[..32], ones, spoiled, 32).Should().OnlyContain(x => float.IsNaN(x));
        }
    }

    /// <summary>The product of the same whole numbers in double precision: steps, zeros, bias and the order of memory are right, for any number of rows, inputs and outputs.</summary>
    public void A_quantised_product_is_that_of_its_whole_numbers(Arithmetic arithmetic) =>
        Gen.Select(Gen.Int[1, Shape.BlockRows], Gen.Int[1, 200], Gen.Int[1, 70], Gen.Int[0, 1000])
            .Sample(
                (rows, inputs, outputs, seed) =>
                {
                    var stride = Panels<TVector, TVectors>.Padded(inputs); // zeros behind the inputs, as a layer before leaves them
                    var random = new Random(seed);
                    using var matrix = Matrix(random, outputs, inputs);
                    float[] x = [.. Enumerable.Range(0, rows).SelectMany(_ => Numbers(random, inputs).Concat(new float[stride - inputs]))];
                    using PackedLinear linear =
                        arithmetic == Arithmetic.Bytes
                            ? ByteLinear<TVector, TVectors>.Pack(matrix, gelu: false)
                            : ShortLinear<TVector, TVectors>.Pack(matrix, gelu: false);
                    using var memory = new WorkerMemory(Shape);
                    var y = new float[rows * linear.Stride];
                    fixed (
                        float* from = x,
                            to = y
                    )
                        linear.Multiply(from, stride, rows, to, memory);

                    for (var row = 0; row < rows; row++)
                    {
                        var own = Rounded(x.AsSpan(row * stride, inputs), arithmetic, inputs);
                        for (var output = 0; output < outputs; output++)
                        {
                            var weights = arithmetic == Arithmetic.Bytes ? Divided(matrix.Row(output)) : Symmetric(matrix.Row(output), 127);
                            var sum = matrix.Bias[output] + own.Zip(weights, (a, b) => a * b).Sum();
                            ((double)y[row * linear.Stride + output]).Should().BeApproximately(sum, 2e-5);
                        }
                    }
                },
                iter: 25
            );

    // What a row's numbers become in whole numbers and back.
    private static double[] Rounded(ReadOnlySpan<float> row, Arithmetic arithmetic, int inputs)
    {
        if (arithmetic == Arithmetic.Shorts)
            return Symmetric(
                row,
                Math.Min(
                    short.MaxValue,
                    int.MaxValue / ((inputs + 2 * TVectors.Count - 1) / (2 * TVectors.Count) * 2 * TVectors.Count * 127)
                )
            );
        float least = 0,
            most = 0;
        foreach (var number in row)
            (least, most) = (Math.Min(least, number), Math.Max(most, number));
        var step = (most - least) / 255;
        var zero = MathF.Round(-least / step);
        return
        [
            .. row.ToArray()
                .Select(number => (double)step * (Math.Clamp(MathF.Round(MathF.FusedMultiplyAdd(number, 1 / step, zero)), 0, 255) - zero)),
        ];
    }

    // A number halfway between two whole ones may go either way: divided here, multiplied below, as the layers do.
    private static double[] Divided(ReadOnlySpan<float> row)
    {
        var step = row.ToArray().Max(MathF.Abs) / 127;
        return [.. row.ToArray().Select(number => (double)step * MathF.Round(number / step))];
    }

    private static double[] Symmetric(ReadOnlySpan<float> row, int limit)
    {
        var step = row.ToArray().Max(MathF.Abs) / limit;
        return [.. row.ToArray().Select(number => (double)step * MathF.Round(number * (1 / step)))];
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
