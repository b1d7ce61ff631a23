namespace XDistilTorch.Inspection.Importance;

/// <summary>What one question says of the heads; each value is the mean over the question's windows, as the loss is.</summary>
/// <param name="Row">Which question of the set, from 0.</param>
/// <param name="Windows">How many windows it has.</param>
/// <param name="Loss">L, the loss that the model is trained with, of the right answer.</param>
/// <param name="Gradient">
/// [layers][heads] c . dL/dc, summed over positions and features, with its sign: the slope of L when the head is turned up, so that L grows by about minus this where the
/// head is taken away. Null where not measured.
/// </param>
/// <param name="LossChange">[layers][heads] L without the head minus L. Null where not measured.</param>
/// <param name="ScoreChange">[layers][heads] the right answer's score (start plus end logit; no answer: that of [CLS]) without the head, minus that with it. Null where not measured.</param>
public sealed record QuestionImportance(
    int Row,
    int Windows,
    double Loss,
    IReadOnlyList<double[]>? Gradient,
    IReadOnlyList<double[]>? LossChange,
    IReadOnlyList<double[]>? ScoreChange
);
