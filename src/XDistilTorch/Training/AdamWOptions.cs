namespace XDistilTorch.Training;

/// <summary>What AdamW is set by; the defaults are those of Hugging Face's trainer.</summary>
/// <param name="Beta1">How slowly the mean of the gradients forgets.</param>
/// <param name="Beta2">How slowly the mean of their squares forgets.</param>
/// <param name="Epsilon">Added to the root of the second.</param>
/// <param name="WeightDecay">How much of a weight goes in a step, times the learning rate; biases and LayerNorm are left out.</param>
public sealed record AdamWOptions(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0);
