using System.Runtime.InteropServices;
using XDistilTorch.Evaluation.Reading;

namespace XDistilTorch.Evaluation;

/// <summary>The predictions for a data set, by question id. Of several for one id the last counts, as in Python.</summary>
public sealed class PredictionSet
{
    private readonly Dictionary<string, PredictedAnswer?> answers = new(StringComparer.Ordinal);
    private readonly List<string> duplicates = [];

    private PredictionSet(string name) => Name = name;

    /// <summary>What messages call it: the file, or the model.</summary>
    public string Name { get; }

    /// <summary>The ids that were given again, once for each time.</summary>
    public IReadOnlyList<string> DuplicateIds => duplicates;

    /// <summary>How many questions failed where they were predicted (error records); they have no prediction.</summary>
    public int Failed { get; private set; }

    /// <summary>How many questions have a prediction.</summary>
    public int Count => answers.Count(entry => entry.Value is not null);

    /// <summary>All predictions, in the order in which their ids first came.</summary>
    public IEnumerable<PredictedAnswer> Answers => answers.Values.OfType<PredictedAnswer>();

    /// <summary>The prediction for a question; null when there is none.</summary>
    public PredictedAnswer? Find(string id) => answers.GetValueOrDefault(id);

    /// <summary>
    /// Reads a SQuAD prediction file, <c>{id: text}</c>, or answer records, one a line (those with <c>error</c> count as <see cref="Failed"/>);
    /// also compressed with gzip. Which it is, the content tells.
    /// </summary>
    /// <exception cref="DataException">The file cannot be read or is neither; every faulty entry is named, up to ten.</exception>
    public static PredictionSet Read(string path)
    {
        var set = new PredictionSet(path);
        foreach (var (id, answer) in PredictionFile.Read(path))
            set.Add(id, answer);
        return set;
    }

    /// <summary>Predictions that come from elsewhere.</summary>
    /// <param name="name">What messages call them.</param>
    /// <param name="answers">The predictions.</param>
    /// <param name="failed">How many questions failed.</param>
    public static PredictionSet Of(string name, IEnumerable<PredictedAnswer> answers, int failed = 0)
    {
        var set = new PredictionSet(name) { Failed = failed };
        foreach (var answer in answers)
            set.Add(answer.Id, answer);
        return set;
    }

    private void Add(string? id, PredictedAnswer? answer)
    {
        Failed += answer is null ? 1 : 0;
        if (id is null)
            return;
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(answers, id, out var isThere);
        if (isThere)
            duplicates.Add(id);
        entry = answer;
    }
}
