namespace XDistilTorch.Engines.Packed;

/// <summary>All numbers of a model that a snapshot is made of, wherever they lie.</summary>
internal sealed record ModelNumbers(
    INumbers Words,
    INumbers Types,
    INumbers Positions,
    LayerNormNumbers Norm,
    LayerNumbers[] Layers,
    LinearNumbers QaOutputs
);

/// <summary>Those of one encoder layer.</summary>
internal sealed record LayerNumbers(
    LinearNumbers Query,
    LinearNumbers Key,
    LinearNumbers Value,
    LinearNumbers AttentionOutput,
    LayerNormNumbers AttentionNorm,
    LinearNumbers Up,
    LinearNumbers Down,
    LayerNormNumbers OutputNorm
);

/// <summary>Those of a linear layer: weight [outputs, inputs] and bias [outputs]; no bias is one of zeros.</summary>
internal sealed record LinearNumbers(INumbers Weight, INumbers? Bias)
{
    public int Outputs => checked((int)Weight.Shape[0]);

    public int Inputs => checked((int)Weight.Shape[1]);
}

/// <summary>Those of a LayerNorm: weight and bias [H].</summary>
internal sealed record LayerNormNumbers(INumbers Weight, INumbers Bias, double Epsilon);
