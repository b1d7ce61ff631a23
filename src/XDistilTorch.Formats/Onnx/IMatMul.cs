namespace XDistilTorch.Formats.Onnx;

/// <summary>How linear layers multiply.</summary>
internal interface IMatMul
{
    /// <summary>The input times the weight of a linear layer, without its bias, [B, S, inputs] -> [B, S, outputs].</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="module">The linear layer's name in the checkpoint.</param>
    string Multiply(string input, string module);
}
