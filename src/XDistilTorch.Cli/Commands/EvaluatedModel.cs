using System.CommandLine;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Cli.Commands;

/// <summary>The model that <c>xdistil evaluate</c> asks where there is no prediction file, and how it is asked.</summary>
internal sealed class EvaluatedModel
{
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string?> decoder = SharedOptions.OneOf(
        "--decoder",
        "How answers are chosen [default: squad]",
        "squad",
        "calibrated",
        "pipeline"
    );
    private readonly Option<int?> nBestSize = SharedOptions.OptionalCount(
        "--n-best-size",
        "Candidates of the squad decoder [default: 20]",
        1
    );
    private readonly Option<int?> maxAnswerLength = SharedOptions.OptionalCount(
        "--max-answer-length",
        "Longest answer, in tokens [default: 30, pipeline 15]",
        1
    );
    private readonly Option<double?> nullThreshold = SharedOptions.Number(
        "--null-threshold",
        "No answer when its score is better by more than this [default: 0]"
    );
    private readonly Option<bool> alwaysAnswer = new("--always-answer") { Description = "Always give an answer, as in SQuAD 1.1" };

    public IReadOnlyList<Option> Options => [model, decoder, nBestSize, maxAnswerLength, nullThreshold, alwaysAnswer];

    public PredictionSet Predict(ParseResult parsed, IReadOnlyList<QuestionRow> rows) =>
        throw new UsageException(
            $"--predictions is missing: this version evaluates prediction files, not yet models ({rows.Count} questions)."
        );
}
