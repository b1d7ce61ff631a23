using System.Runtime.Intrinsics;
using TorchSharp.Modules;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

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
    /// <param name="parts">The tree.</param>
    /// <param name="config">The model's config.</param>
    /// <param name="quantized">Whether the layers' matrices are int8.</param>
    /// <param name="wide">Whether vectors of 512 bits may be used; where the processor has none, they are not.</param>
    public static Snapshot Make(TreeParts parts, BertConfig config, bool quantized, bool wide = true) =>
        wide && Vectors512.IsSupported
            ? new SnapshotMaker<Vector512<float>, Vectors512>(parts, config, quantized).Make()
            : new SnapshotMaker<Vector256<float>, Vectors256>(parts, config, quantized).Make();
}

/// <summary>Packs a model's numbers for vectors of one width.</summary>
internal sealed class SnapshotMaker<TVector, TVectors>(TreeParts parts, BertConfig config, bool quantized)
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private readonly int size = config.HeadSize,
        padded = RoundUp(config.HeadSize);

    public Snapshot Make()
    {
        var layers = new PackedLayer[parts.Layers.Length];
        Parallel.For(0, layers.Length, i => layers[i] = Pack(parts.Layers[i]));
        var shape = new PackedShape(
            config.HiddenSize,
            layers.Max(layer => layer.Heads) * padded,
            layers.Max(layer => layer.Up.Stride),
            padded,
            config.MaxPositionEmbeddings,
            PackedShape.Block(quantized)
        );
        var embeddings = new PackedEmbeddings(parts.Words.weight!, parts.Types.weight!, parts.Positions.weight!, Pack(parts.Norm));
        return new PackedBert<TVector, TVectors>(shape, embeddings, layers, FloatLinear<TVector, TVectors>.Pack(Numbers(parts.QaOutputs)));
    }

    private PackedLayer Pack(LayerParts layer)
    {
        // Scores are exponents of two, and already scaled.
        var query = Numbers(layer.Query).Scaled((float)(1 / (Math.Log(2) * Math.Sqrt(size)))).PadOutputs(size, padded);
        DenseMatrix key = Numbers(layer.Key).PadOutputs(size, padded),
            value = Numbers(layer.Value).PadOutputs(size, padded);
        return new PackedLayer(
            Linear(DenseMatrix.Stack(query, key, value)),
            Linear(Numbers(layer.AttentionOutput).PadInputs(size, padded)),
            Pack(layer.AttentionNorm),
            Linear(Numbers(layer.Up), gelu: true),
            Linear(Numbers(layer.Down)),
            Pack(layer.OutputNorm),
            query.Outputs / padded
        );
    }

    private PackedLinear Linear(DenseMatrix matrix, bool gelu = false) =>
        quantized && matrix.Weight.Length > 0
            ? Int8Linear<TVector, TVectors>.Pack(matrix, gelu)
            : FloatLinear<TVector, TVectors>.Pack(matrix, gelu);

    private static DenseMatrix Numbers(Linear linear) =>
        new(
            Numbers(linear.weight!),
            linear.bias is { } bias ? Numbers(bias) : new float[linear.weight!.shape[0]],
            (int)linear.weight!.shape[1]
        );

    private static NormNumbers Pack(LayerNorm norm) => new(Numbers(norm.weight!), Numbers(norm.bias!), norm.eps);

    private static float[] Numbers(Tensor tensor)
    {
        using var plain = tensor.detach().contiguous();
        return plain.numel() == 0 ? [] : plain.data<float>().ToArray(); // a layer may have no heads left
    }

    // Heads of other sizes are filled up with zeros, which add nothing to scores and context vectors.
    private static int RoundUp(int headSize)
    {
        var panel = FloatLinear<TVector, TVectors>.Panel;
        return (headSize + panel - 1) / panel * panel;
    }
}
