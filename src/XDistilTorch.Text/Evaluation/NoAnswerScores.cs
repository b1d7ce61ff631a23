using System.Text.Json;
using XDistilTorch.Evaluation.Reading;

namespace XDistilTorch.Evaluation;

/// <summary>A score file, <c>{id: number}</c>: the official script's <c>--na-prob-file</c>.</summary>
/// <param name="Name">The file.</param>
/// <param name="Scores">The scores in the order of the file, which decides between equal ones. Of several for one id the last counts, at the place of the first, as in Python.</param>
/// <param name="DuplicateIds">The ids that were given again, once for each time.</param>
public sealed record NoAnswerScores(string Name, IReadOnlyList<NoAnswerScore> Scores, IReadOnlyList<string> DuplicateIds)
{
    /// <summary>Reads a score file, also one compressed with gzip.</summary>
    /// <exception cref="DataException">The file cannot be read, or values are not finite numbers: every one is named, up to ten.</exception>
    public static NoAnswerScores Read(string path)
    {
        var bytes = WholeFile.Read(path);
        var (scores, places, again) = (new List<NoAnswerScore>(), new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        var faults = new EntryFaults(path);
        EntryObject.Read(
            path,
            bytes.Span,
            "{\"id\": number, ...}, the probability (or odds) of no answer for each question",
            (string id, ref Utf8JsonReader value) =>
            {
                if (value.TokenType != JsonTokenType.Number)
                    faults.Add($"the score of '{id}' is {EntryObject.Kind(value.TokenType)}, expected a number.");
                else if (value.GetDouble() is var score && !double.IsFinite(score))
                    faults.Add($"the score of '{id}' is beyond double precision, expected a finite number.");
                else if (places.TryAdd(id, scores.Count))
                    scores.Add(new(id, score));
                else
                {
                    scores[places[id]] = new(id, score);
                    again.Add(id);
                }
            }
        );
        faults.ThrowIfAny();
        return new(path, scores, again);
    }
}
