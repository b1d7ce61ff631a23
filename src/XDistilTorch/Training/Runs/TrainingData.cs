using XDistilTorch.Data;

namespace XDistilTorch.Training.Runs;

/// <summary>Questions of one file.</summary>
/// <param name="Name">What messages call it: the file.</param>
/// <param name="Sha256">The SHA-256 of the file.</param>
/// <param name="Rows">Its questions, judged for their use already.</param>
public sealed record TrainingData(string Name, string Sha256, IReadOnlyList<QuestionRow> Rows)
{
    /// <summary>The name without its folders.</summary>
    public string FileName => Path.GetFileName(Name);
}

/// <summary>Old data that is mixed in, so that what was learnt from it is not forgotten.</summary>
/// <param name="Data">The old data.</param>
/// <param name="Share">Which share of all questions trained on comes from it; more than 0, less than 1.</param>
public sealed record ReplayData(TrainingData Data, double Share)
{
    /// <summary>Draws as many questions as it takes, each once; all when there are fewer.</summary>
    /// <param name="newQuestions">How many questions are new.</param>
    /// <param name="seed">Another seed, other questions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    internal IEnumerable<QuestionRow> Draw(int newQuestions, long seed)
    {
        if (Share is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(seed), Share, "the share of old questions: expected more than 0 and less than 1.");
        int[] order = [.. Enumerable.Range(0, Data.Rows.Count)];
        new RandomStream(seed, -1).Shuffle(order); // epochs shuffle from 0 up
        return order.Take(Wanted(newQuestions)).Select(i => Data.Rows[i]);
    }

    /// <summary>How many questions it takes to make the share.</summary>
    internal int Wanted(int newQuestions) => (int)Math.Clamp(Math.Round(newQuestions * Share / (1 - Share)), 1, int.MaxValue);
}
