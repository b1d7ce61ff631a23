using XDistilTorch.Data;
using XDistilTorch.Formats;

namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>Which questions are to be looked into, and where what is found goes.</summary>
internal sealed record DataRequest
{
    /// <summary>Standard input or output.</summary>
    public const string Standard = "-";

    public required string Data { get; init; }

    public required string Output { get; init; }

    public required bool IsTable { get; init; }

    public required string? Report { get; init; }

    public required bool Overwrite { get; init; }

    public required int? Limit { get; init; }

    /// <summary>Null: the first rows.</summary>
    public required int? Seed { get; init; }

    public required bool NumberRows { get; init; }

    public required QuestionFormat? Format { get; init; }

    public required AnswerOptions Answers { get; init; }

    public string DataName => Data == Standard ? "standard input" : Data;

    public DataReaderOptions Reading => new() { NumberRows = NumberRows };
}
