using XDistilTorch.Data;
using XDistilTorch.Formats;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>What <c>xdistil predict</c> was asked to do, whatever the rows are.</summary>
/// <param name="Output">The output; <see cref="Standard"/> for standard output, null for a dry run.</param>
/// <param name="Existing">What to do with an output that is there.</param>
/// <param name="Format">How predictions are written.</param>
/// <param name="Answers">How questions are answered.</param>
/// <param name="Options">Which rows.</param>
/// <param name="NumberRows">Whether rows without an id get their number.</param>
/// <param name="DataFormat">The data's format, where it was named.</param>
internal sealed record PredictRequest(
    string? Output,
    ExistingOutput Existing,
    PredictionFormat Format,
    AnswerOptions Answers,
    PredictorOptions Options,
    bool NumberRows,
    QuestionFormat? DataFormat
)
{
    /// <summary>Standard input or output.</summary>
    public const string Standard = "-";

    /// <summary>Whether nothing is to be computed.</summary>
    public bool IsDryRun => Output is null;

    /// <summary>How the data is read.</summary>
    public DataReaderOptions Reading => new() { NumberRows = NumberRows };

    /// <summary>What the run is known by.</summary>
    /// <param name="answerer">The loaded model.</param>
    /// <param name="settings">How questions are answered.</param>
    /// <param name="dataHash">SHA-256 of the data; null where it is read once only.</param>
    public RunRecord Plan(QuestionAnswerer answerer, AnswerSettings settings, string? dataHash) =>
        new()
        {
            Format = Format,
            DataSha256 = dataHash,
            ModelSha256 = FileHash.OfModel(answerer.Folder),
            Device = answerer.DeviceName,
            Engine = answerer.EngineChoice.Kind.ToString().ToLowerInvariant(),
            Settings = settings,
            NumberRows = NumberRows,
            Limit = Options.Limit,
            ChunkRows = Options.ChunkRows,
            Shard = Options.Shard,
            Shards = Options.Shards,
        };
}
