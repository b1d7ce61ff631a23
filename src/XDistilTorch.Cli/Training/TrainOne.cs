using System.Globalization;
using System.Text.Json;
using XDistilTorch.Reports;
using XDistilTorch.Training;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>One training: its plan, or its run with progress, report and summary.</summary>
internal sealed class TrainOne(Terminal terminal, TrainRequest request, TrainInputs inputs)
{
    private const string Report = "report.html";

    /// <returns>The exit code.</returns>
    public int Run(TrainingRunOptions options, string? output, CancellationToken stop)
    {
        using var prepared = new PreparedTraining(options, inputs.Train, inputs.Development, inputs.Replay, stop);
        foreach (var note in prepared.Notes)
            terminal.Tell(note);
        if (output is null)
        {
            return Plan(prepared, stop);
        }
        var record = Train(prepared, output, stop);
        if (request.Json)
            terminal.Output.WriteLine(JsonSerializer.Serialize(record, TrainingJson.Default.TrainingRecord));
        return ExitCode.Success;
    }

    private int Plan(PreparedTraining prepared, CancellationToken stop)
    {
        var estimate = TrainingEstimate.Measure(prepared, stop);
        if (request.Json)
            terminal.Output.WriteLine(
                JsonSerializer.Serialize(TrainingPlanRecord.Of(prepared, estimate), TrainingJson.Default.TrainingPlanRecord)
            );
        else
            TrainingPrinter.PrintPlan(terminal, TrainingPlanRecord.Of(prepared, estimate));
        if (request.Seeds is { Count: > 1 } seeds)
            terminal.Tell($"this is one of {seeds.Count} trainings, one for each seed.");
        terminal.Tell("nothing was written (--dry-run); times and memory are estimates from a few steps.");
        return ExitCode.Success;
    }

    /// <summary>Trains, or goes on, or finds that all is done.</summary>
    public TrainingRecord Train(PreparedTraining prepared, string output, CancellationToken stop)
    {
        using var run = TrainingRun.Open(prepared, output, request.Resume);
        if (run.Note is { } note)
            terminal.Tell(note);
        if (run.IsFinished)
        {
            terminal.Tell($"{output}: is finished and whole, {Counted.Of(run.Record.Result!.Steps, "step")}.");
            return run.Record;
        }
        if (run.StepsBefore > 0)
            terminal.Tell($"{output}: goes on after step {run.StepsBefore}.");
        ProcessEnd.BePatient(); // the batch in flight is finished, and a checkpoint saved
        var outcome = WithProgress(run, prepared, output, stop);
        if (!request.Json)
            TrainingPrinter.Print(terminal, outcome);
        terminal.Tell($"{output}: written; {Path.Combine(output, Report)} shows how it went.");
        return run.Record;
    }

    private TrainingOutcome WithProgress(TrainingRun run, PreparedTraining prepared, string output, CancellationToken stop)
    {
        TrainingOutcome? outcome = null;
        var total = prepared.Trainer.Plan.TotalSteps;
        try
        {
            ProgressDisplay.During(
                terminal,
                run.StepsBefore,
                () => total,
                display =>
                    outcome = run.Run(
                        new Shown(display),
                        told => WholeFile.Write(Path.Combine(output, Report), TrainingPage.Render(told)),
                        stop
                    )
            );
        }
        catch (OperationCanceledException)
        {
            terminal.Tell($"stopped after step {prepared.Trainer.StepsDone} of {total}; go on with --resume.");
            throw;
        }
        return outcome!;
    }

    // Not Progress<T>: that would report from other threads, out of order.
    private sealed class Shown(ProgressDisplay display) : IProgress<TrainingProgress>
    {
        private TrainingStep? last;
        private double rate;

        public void Report(TrainingProgress value)
        {
            if (last is null && value.Last is not null)
                display.BeginsWith(value.StepsDone);
            if (value.Last is not null)
                (last, rate) = (value.Last, value.TokensPerSecond);
            display.Report(value.StepsDone, _ => Describe(value));
        }

        private string Describe(TrainingProgress value)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"step {value.StepsDone:N0} of {value.TotalSteps:N0}");
            if (last is not null)
                text += string.Create(
                    CultureInfo.InvariantCulture,
                    $", loss {last.Loss:0.000}, learning rate {last.LearningRate:0.00e0}, {rate:N0} tokens/s"
                );
            return value.Evaluated is { } questions
                ? text + string.Create(CultureInfo.InvariantCulture, $", evaluating: {questions:N0} questions")
                : text;
        }
    }
}
