namespace XDistilTorch.Engines;

/// <summary>Start and end logits of one window, one pair a token; padding is cut off.</summary>
/// <param name="Start">How much each token speaks for being the answer's first.</param>
/// <param name="End">How much each token speaks for being the answer's last.</param>
public readonly record struct WindowLogits(float[] Start, float[] End);
