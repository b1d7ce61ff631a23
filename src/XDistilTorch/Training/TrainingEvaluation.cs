namespace XDistilTorch.Training;

/// <summary>What the development questions said of the model after some step: the <c>squad</c> decoder's answers under the official SQuAD 2.0 metric.</summary>
/// <param name="Step">How many steps were done; 0: before the first.</param>
/// <param name="Epoch">How many epochs were done, a fraction.</param>
/// <param name="Loss">The mean loss of the questions' windows, without dropout.</param>
/// <param name="Exact">Exact matches, of 100.</param>
/// <param name="F1">F1, of 100.</param>
/// <param name="Questions">How many questions.</param>
public sealed record TrainingEvaluation(long Step, double Epoch, double Loss, double Exact, double F1, int Questions);
