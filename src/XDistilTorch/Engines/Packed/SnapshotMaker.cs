using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Modeling;

namespace XDistilTorch.Engines.Packed;

/// <summary>Packs a model's numbers for this processor.</summary>
internal static class SnapshotMaker
{
    /// <summary>Whether this processor has instructions that kernels are written for.</summary>
    public static bool IsSupported => Vectors256.IsSupported;

    /// <summary>The instructions that they use here.</summary>
    public static string Description => Vectors512.IsSupported ? "AVX-512" : "AVX2";

    /// <summary>What speaks against packing a model of this config; null if nothing does.</summary>
    public static string? Obstacle(BertConfig config) =>
        config.HiddenAct != "gelu" ? $"the activation is {config.HiddenAct}, the kernels have gelu"
        : config.HiddenSize % Vector512<float>.Count != 0 ? $"hidden_size {config.HiddenSize} is not a multiple of {Vector512<float>.Count}"
        : null;

    /// <summary>The snapshot.</summary>
    /// <param name="numbers">The model's.</param>
    /// <param name="config">The model's config.</param>
    /// <param name="arithmetic">What the layers multiply in.</param>
    /// <param name="wide">Whether vectors of 512 bits may be used; where the processor has none, they are not.</param>
    public static Snapshot Make(ModelNumbers numbers, BertConfig config, Arithmetic arithmetic, bool wide = true) =>
        wide && Vectors512.IsSupported
            ? new SnapshotMaker<Vector512<float>, Vectors512>(numbers, config, arithmetic).Make()
            : new SnapshotMaker<Vector256<float>, Vectors256>(numbers, config, arithmetic).Make();
}

/// <summary>Packs a model's numbers for vectors of one width.</summary>
internal sealed class SnapshotMaker<TVector, TVectors>(ModelNumbers numbers, BertConfig config, Arithmetic arithmetic)
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private readonly int size = config.HeadSize,
        padded = RoundUp(config.HeadSize);

    public Snapshot Make()
    {
        var layers = new PackedLayer[numbers.Layers.Length];
        try
        {
            Parallel.For(0, layers.Length, i => layers[i] = Pack(numbers.Layers[i]));
        }
        catch (AggregateException e)
        {
            foreach (var layer in layers)
                layer?.Dispose();
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        var shape = new PackedShape(
            config.HiddenSize,
            layers.Max(layer => layer.Heads) * padded,
            layers.Max(layer => layer.Up.Stride),
            padded,
            config.MaxPositionEmbeddings,
            arithmetic
        );
        var embeddings = new PackedEmbeddings(
            EmbeddingTable.Of(numbers.Words),
            EmbeddingTable.Of(numbers.Types),
            EmbeddingTable.Of(numbers.Positions),
            Pack(numbers.Norm),
            config.HiddenSize
        );
        using var qaOutputs = Dense(numbers.QaOutputs);
        var answer = FloatLinear<TVector, TVectors>.Pack(qaOutputs);
        return arithmetic == Arithmetic.Floats
            ? new PackedBert<TVector, TVectors, FloatAttention<TVector, TVectors>>(shape, embeddings, layers, answer)
            : new PackedBert<TVector, TVectors, ShortAttention<TVector, TVectors>>(shape, embeddings, layers, answer);
    }

    private PackedLayer Pack(LayerNumbers layer)
    {
        var heads = layer.Query.Outputs / size;
        using var projections = new DenseMatrix(3 * heads * padded, config.HiddenSize);
        // Scores are exponents of two, and already scaled.
        projections.TakeOutputs(layer.Query, 0, size, padded, (float)(1 / (Math.Log(2) * Math.Sqrt(size))));
        projections.TakeOutputs(layer.Key, heads * padded, size, padded);
        projections.TakeOutputs(layer.Value, 2 * heads * padded, size, padded);
        using var attention = new DenseMatrix(config.HiddenSize, heads * padded);
        attention.TakeInputs(layer.AttentionOutput, size, padded);
        return new PackedLayer(
            Pack(projections),
            Pack(attention),
            Pack(layer.AttentionNorm),
            Pack(layer.Up, gelu: true),
            Pack(layer.Down),
            Pack(layer.OutputNorm),
            heads
        );
    }

    private PackedLinear Pack(DenseMatrix matrix, bool gelu = false) =>
        arithmetic == Arithmetic.Floats || matrix.Outputs == 0 || matrix.Inputs == 0 ? FloatLinear<TVector, TVectors>.Pack(matrix, gelu)
        : arithmetic == Arithmetic.Bytes ? ByteLinear<TVector, TVectors>.Pack(matrix, gelu)
        : ShortLinear<TVector, TVectors>.Pack(matrix, gelu);

    private PackedLinear Pack(LinearNumbers layer, bool gelu = false)
    {
        using var matrix = Dense(layer);
        return Pack(matrix, gelu);
    }

    private static DenseMatrix Dense(LinearNumbers layer)
    {
        var matrix = new DenseMatrix(layer.Outputs, layer.Inputs);
        matrix.TakeOutputs(layer, 0, 1, 1);
        return matrix;
    }

    private NormNumbers Pack(LayerNormNumbers norm)
    {
        float[] weight = new float[config.HiddenSize],
            bias = new float[config.HiddenSize];
        norm.Weight.CopyTo(weight);
        norm.Bias.CopyTo(bias);
        return new NormNumbers(weight, bias, norm.Epsilon);
    }

    // Heads of other sizes are filled up with zeros, which add nothing to scores and context vectors.
    private static int RoundUp(int headSize) => Panels<TVector, TVectors>.Padded(headSize);
}
