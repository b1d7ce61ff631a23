using XDistilTorch.Server.Observing;

namespace XDistilTorch.Server.Serving;

/// <summary>Answers, and what they took.</summary>
/// <param name="Answers">In the order of the questions.</param>
/// <param name="Windows">How many windows were computed.</param>
/// <param name="Timing">Where the time went.</param>
internal sealed record AnsweredQuestions(IReadOnlyList<Answer> Answers, int Windows, RequestTiming Timing);
