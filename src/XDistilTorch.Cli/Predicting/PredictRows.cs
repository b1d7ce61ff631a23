using XDistilTorch.Data;
using XDistilTorch.Formats;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>Every row of a file or of standard input.</summary>
internal sealed class PredictRows(Terminal terminal, QuestionAnswerer answerer, PredictRequest request, string source)
{
    private readonly bool isStandard = source == PredictRequest.Standard;

    public int Run(CancellationToken stop) =>
        request.IsDryRun ? Plan(stop)
        : request.Output == PredictRequest.Standard ? Print(stop)
        : Write(request.Output!, stop);

    private int Plan(CancellationToken stop)
    {
        var predictor = Predictor(request.Options);
        var plan = predictor.Plan(Items(), stop);
        foreach (var sample in plan.Samples)
            terminal.Tell($"{request.Options.DataName}: {sample.Error!.Message}");
        if (plan.Samples.Count < plan.Errors)
            terminal.Tell($"... {plan.Errors - plan.Samples.Count} more rows cannot be answered.");
        PlanPrinter.Print(terminal, plan, predictor.Settings);
        return plan.Errors == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private int Print(CancellationToken stop) => new PredictionOutput(terminal).Print(Predictor(request.Options).Run(Items(), stop), stop);

    private int Write(string output, CancellationToken stop)
    {
        var plan = request.Plan(answerer, answerer.Settle(request.Answers), isStandard ? null : FileHash.OfFile(source));
        using var run = PredictionRun.Open(output, plan, request.Existing);
        var predictor = Predictor(request.Options with { RowsDone = run.Record.RowsDone });
        var counting =
            isStandard || run.IsFinished ? null : RowCount.Start(source, request.Reading, request.DataFormat, request.Options.Limit);
        return new PredictionOutput(terminal).Write(
            run,
            predictor.Run(Items(), stop),
            () => predictor.RowsRead,
            () => counting?.Rows,
            stop
        );
    }

    private Predictor Predictor(PredictorOptions options) =>
        new(answerer, request.Answers, options) { Note = fault => terminal.Tell($"{options.DataName}: {fault}") };

    // A filter must not wait for a second line to tell what the first is.
    private IEnumerable<DataItem> Items() =>
        isStandard
            ? QuestionFile.Read(
                terminal.Input,
                request.Options.DataName!,
                request.Reading with
                {
                    AssumeLines = request.Options.ChunkRows == 1,
                },
                request.DataFormat
            )
            : QuestionFile.Read(source, request.Reading, request.DataFormat);
}
