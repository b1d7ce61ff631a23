using XDistilTorch.Decoding;

namespace XDistilTorch;

/// <summary>An answer with what predicting and evaluating ask beside it.</summary>
/// <param name="Answer">The answer record.</param>
/// <param name="Windows">How many windows the question had.</param>
/// <param name="NullOdds">Score of no answer minus that of the best span; null where there is no such score or no span.</param>
/// <param name="Squad">The <c>squad</c> decoder's own list; null for the other decoders.</param>
internal sealed record DecodedQuestion(Answer Answer, int Windows, double? NullOdds, SquadDecoding? Squad);
