namespace XDistilTorch.Training;

/// <summary>What one step was.</summary>
/// <param name="Step">Its number, counted from 1: how many steps are done.</param>
/// <param name="Epoch">How many epochs are done, a fraction.</param>
/// <param name="Loss">The mean loss of its batches, before the step.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="GradNorm">The gradients' length as one vector, before it was shortened.</param>
/// <param name="Tokens">Tokens that were trained on, without padding.</param>
public sealed record TrainingStep(long Step, double Epoch, double Loss, double LearningRate, double GradNorm, long Tokens);
