namespace XDistilTorch.Formats.Onnx;

/// <summary>Which graph is written.</summary>
public sealed record OnnxOptions
{
    /// <summary>Of which operators it is made.</summary>
    public OnnxOperators Operators { get; init; } = OnnxOperators.Standard;

    /// <summary>
    /// Whether weights are int8 and activations are quantised while the model runs, each tensor by its own range: ONNX Runtime's dynamic quantisation, with one scale for
    /// every output channel of a weight. LayerNorm, softmax and attention's own products stay in fp32.
    /// </summary>
    public bool Quantized { get; init; }

    /// <summary>
    /// Quantise to 7 bits instead of 8. On x86 processors without VNNI pairs of full-range products overflow their 16 bits, silently.
    /// </summary>
    public bool ReduceRange { get; init; }
}
