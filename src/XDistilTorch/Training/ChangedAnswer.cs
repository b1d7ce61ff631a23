using XDistilTorch.Data;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Training;

/// <summary>A development question that the trained model answers otherwise than the model before.</summary>
/// <param name="Row">The question with its gold answers.</param>
/// <param name="Before">The answer before the first step; "" for none.</param>
/// <param name="After">The trained model's answer; "" for none.</param>
/// <param name="ScoreBefore">How right the first one was.</param>
/// <param name="ScoreAfter">How right the second one is.</param>
public sealed record ChangedAnswer(QuestionRow Row, string Before, string After, QuestionScore ScoreBefore, QuestionScore ScoreAfter);
