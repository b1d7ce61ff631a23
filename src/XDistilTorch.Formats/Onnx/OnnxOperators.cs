namespace XDistilTorch.Formats.Onnx;

/// <summary>Of which operators a graph is made. Both give the same logits.</summary>
public enum OnnxOperators
{
    /// <summary>ONNX's own operators, opset 20: runs wherever ONNX runs.</summary>
    Standard,

    /// <summary>
    /// ONNX Runtime's fused operators of the domain <c>com.microsoft</c> (EmbedLayerNormalization, Attention, SkipLayerNormalization, BiasGelu):
    /// the graph that its transformer optimiser makes of the standard one; faster, and for ONNX Runtime only.
    /// </summary>
    OnnxRuntime,
}
