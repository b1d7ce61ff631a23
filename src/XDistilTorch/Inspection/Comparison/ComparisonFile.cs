using XDistilTorch.Prediction;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>A JSONL file of comparisons: a line for each question as it comes, the summary in the last. It appears under its name when it is whole.</summary>
public sealed class ComparisonFile : IDisposable
{
    private readonly ComparisonJson json = new();
    private readonly HashedFile file;

    /// <summary>Begins under a temporary name beside it.</summary>
    /// <param name="path">The name it gets in the end; a file that is there stays until then.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public ComparisonFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        file = new HashedFile(path);
    }

    /// <summary>Writes a question's line.</summary>
    public void Add(QuestionComparison question) => file.Write(json.Of(question));

    /// <summary>Writes the summary and gives the file its name.</summary>
    public void Commit(ComparisonSummary summary, CheckpointPair pair)
    {
        file.Write(json.Of(summary, pair));
        file.Finish();
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        file.Dispose();
        json.Dispose();
    }
}
