using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>Every question over many documents.</summary>
internal sealed class PredictOverDocuments(
    Terminal terminal,
    QuestionAnswerer answerer,
    PredictRequest request,
    IReadOnlyList<NamedText> questions,
    IReadOnlyList<NamedText> documents
)
{
    public int Run(CancellationToken stop)
    {
        var total = Math.Min(questions.Count, request.Options.Limit ?? long.MaxValue);
        var predictor = new DocumentPredictor(answerer, documents, request.Answers, request.Options);
        if (request.IsDryRun)
        {
            terminal.Output.WriteLine(
                $"{total} questions over {documents.Count} documents, {total * predictor.WindowsPerQuestion} windows or more"
            );
            return ExitCode.Success;
        }
        var output = new PredictionOutput(terminal);
        if (request.Output == PredictRequest.Standard)
            return output.Print(predictor.Run(questions, 0, stop), stop);
        var plan = request.Plan(answerer, predictor.Settings, TextHash.Of(questions, documents));
        using var run = PredictionRun.Open(request.Output!, plan, request.Existing);
        return output.Write(run, predictor.Run(questions, run.Record.RowsDone, stop), () => total, () => total, stop);
    }
}
