namespace XDistilTorch.Formats.Onnx;

/// <summary>The parts of BERT between its matrix products, in one family of operators. Values are known by their names in the graph.</summary>
internal interface IBertOperators
{
    /// <summary>The embedding output, [B, S] -> [B, S, H].</summary>
    string Embeddings();

    /// <summary>Self-attention with its three projections, [B, S, H] -> [B, S, H]; the output projection is not part of it.</summary>
    /// <param name="hidden">The hidden state.</param>
    /// <param name="module">The name of <c>attention.self</c> in the checkpoint.</param>
    string Attention(string hidden, string module);

    /// <summary>LayerNorm(x + bias + residual), [B, S, H].</summary>
    /// <param name="x">A product without its bias.</param>
    /// <param name="residual">What is added.</param>
    /// <param name="module">The name of the block that holds <c>dense</c> and <c>LayerNorm</c>.</param>
    string AddAndNormalize(string x, string residual, string module);

    /// <summary>The activation function of x + bias, [B, S, intermediate].</summary>
    /// <param name="x">A product without its bias.</param>
    /// <param name="module">The linear layer's name.</param>
    string Activate(string x, string module);
}
