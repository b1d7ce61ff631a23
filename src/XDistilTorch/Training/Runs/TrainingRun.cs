using System.Diagnostics;
using XDistilTorch.Evaluation;
using XDistilTorch.Prediction;

namespace XDistilTorch.Training.Runs;

/// <summary>
/// A training that may end at any moment and go on later: steps, evaluations, checkpoints and the log of one folder, and in the end the trained model there. A run that
/// was killed and went on ends with the bits of one that was not, on the same machine with the same number of torch threads.
/// </summary>
/// <remarks>
/// What is there at any moment: whole checkpoints, and a log whose rows after the last checkpoint are dropped when the run goes on. The model's files come at the end, each
/// whole, <c>training.json</c> last. Only one process can train into a folder.
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private readonly PreparedTraining prepared;
    private readonly TrainingFolder folder;
    private readonly TrainingCheckpoints checkpoints;
    private readonly BestEvaluation? best;
    private TrainingLog? log;
    private TensorBoardLog? events;
    private (long Step, DevelopmentScore Score)? scored;

    private TrainingRun(PreparedTraining prepared, TrainingFolder folder, TrainingRecord record)
    {
        (this.prepared, this.folder, Record) = (prepared, folder, record);
        checkpoints = new TrainingCheckpoints(folder.Path);
        best = prepared.Options.SoughtMetric is { } metric ? new BestEvaluation(metric) : null;
    }

    /// <summary>What the training is known by.</summary>
    public TrainingRecord Record { get; private set; }

    /// <summary>Whether it was over when it was opened.</summary>
    public bool IsFinished => Record.Result is not null;

    /// <summary>Steps that were done by earlier processes.</summary>
    public long StepsBefore { get; private set; }

    /// <summary>What is worth knowing of how it goes on.</summary>
    public string? Note { get; private set; }

    private QaTrainer Trainer => prepared.Trainer;

    /// <summary>Refuses a folder that cannot be trained into; before anything is loaded.</summary>
    /// <exception cref="TrainingException">So it is.</exception>
    public static void Check(string output, bool resume)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        TrainingFolder.Check(output, resume);
    }

    /// <summary>Begins a training, or takes up one that stopped, at its last checkpoint.</summary>
    /// <param name="prepared">The training; stays the caller's.</param>
    /// <param name="output">Its folder; made where it is not there, else empty or, to resume, that of this very training.</param>
    /// <param name="resume">Whether to go on with what is there; with nothing there it begins.</param>
    /// <exception cref="TrainingException">The folder holds something else or another training (the message says what differs), is in use, or cannot be written.</exception>
    /// <exception cref="XDistilException">What is there is damaged.</exception>
    public static TrainingRun Open(PreparedTraining prepared, string output, bool resume = false)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentException.ThrowIfNullOrEmpty(output);
        var folder = TrainingFolder.Take(output, resume);
        TrainingRun? run = null;
        try
        {
            run = new TrainingRun(prepared, folder, prepared.Record());
            run.Begin();
            return run;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (run as IDisposable ?? folder).Dispose();
            throw new TrainingException($"{output}: cannot be written: {e.Message}", e);
        }
        catch
        {
            (run as IDisposable ?? folder).Dispose();
            throw;
        }
    }

    private void Begin()
    {
        if (File.Exists(folder.Record))
        {
            GoOnWith(TrainingRecord.Read(folder.Record), folder.Record);
            Verify();
            return;
        }
        if (File.Exists(folder.PartialRecord))
            GoOnWith(TrainingRecord.Read(folder.PartialRecord), folder.PartialRecord);
        else
            Record.Write(folder.PartialRecord); // from now on it can go on
        StepsBefore = checkpoints.Resume(Trainer);
        log = TrainingLog.Open(folder.Log, StepsBefore);
        foreach (var evaluation in log.Evaluations)
            best?.Add(evaluation);
        if (log.Evaluations.Count > 0)
            _ = PredictionSet.Read(folder.AnswersBefore); // needed at the end; damage is better told now
        events = new TensorBoardLog(folder.Events);
        foreach (var step in log.Steps)
            events.Add(step);
        foreach (var evaluation in log.Evaluations)
            events.Add(evaluation);
        events.Flush();
    }

    private void GoOnWith(TrainingRecord found, string path)
    {
        var differences = found.Differences(Record).ToList();
        if (differences.Count > 0)
            throw new TrainingException(
                $"{path}: is of another training: {string.Join("; ", differences)}. Repeat the training's own options and data, or train into another folder."
            );
        if (found.Threads != Record.Threads && found.Result is null)
            Note = $"it began with {found.Threads} torch threads and goes on with {Record.Threads}: the result will differ by rounding.";
        // The type of what comes out may change as long as nothing has come out.
        Record = found.Result is null ? found with { Run = Record.Run, Threads = Record.Threads } : found;
    }

    // A finished training is what its record says, or it is not finished.
    private void Verify()
    {
        foreach (var file in Record.Result!.Files)
        {
            var path = folder.At(file.Name);
            if (!File.Exists(path) || FileHash.OfFile(path) != file.Sha256)
                throw new TrainingException(
                    $"{path}: is not what the training wrote (its record says {file.Bytes} bytes, SHA-256 {file.Sha256}). Train into another folder."
                );
        }
    }

    /// <summary>Does what is left, to the trained model.</summary>
    /// <param name="progress">Is told after every step and while evaluating, on this thread.</param>
    /// <param name="finishing">Is told what came of it when the model's files are written, before the training counts as finished.</param>
    /// <param name="stop">Ends it after the batch that is being computed, with a checkpoint to go on from.</param>
    /// <exception cref="TrainingException">The loss is no number, or something cannot be written. The last checkpoint is safe.</exception>
    /// <exception cref="OperationCanceledException">Stopped; it can go on.</exception>
    /// <exception cref="InvalidOperationException">It is finished.</exception>
    public TrainingOutcome Run(
        IProgress<TrainingProgress>? progress = null,
        Action<TrainingOutcome>? finishing = null,
        CancellationToken stop = default
    )
    {
        if (log is null)
            throw new InvalidOperationException("The training is finished.");
        try
        {
            RunStepsOrStop(progress, stop);
            var kept = best?.Best?.Step ?? Trainer.StepsDone;
            if (kept != Trainer.StepsDone)
                checkpoints.LoadWeights(Trainer, kept);
            return Finish(kept, progress, finishing, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                $"{folder.Path}: cannot be written: {e.Message} The last checkpoint is safe; go on with --resume.",
                e
            );
        }
    }

    private void RunStepsOrStop(IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        try
        {
            RunSteps(progress, stop);
        }
        catch (OperationCanceledException)
        {
            if (Trainer.StepsDone > 0)
                Trainer.RefuseRuined();
            Save();
            throw;
        }
        catch (TrainingException e) when (e.Rows.Count > 0)
        {
            throw new TrainingException($"{e.Message} {WhereAndHow(e.Rows)}", e) { Rows = e.Rows };
        }
    }

    private string WhereAndHow(IReadOnlyList<int> rows)
    {
        const int Most = 5;
        var questions = rows.Take(Most).Select(row => prepared.Set.Rows[row]).Select(row => $"\"{row.Id}\" ({row.Place})");
        var last = checkpoints.Steps is [.., var step] ? checkpoints.PathOf(step) : null;
        return $"Questions: {string.Join(", ", questions)}{(rows.Count > Most ? ", ..." : "")}. "
            + (
                last is null
                    ? "There is no checkpoint yet."
                    : $"The last good checkpoint is {last}: train on from it as --model, into another folder and with other options."
            );
    }

    private void RunSteps(IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var rate = new TokenRate();
        while (true)
        {
            var done = Trainer.StepsDone;
            if (done > 0 && (prepared.EvaluatesAfter(done) || prepared.SavesAfter(done)))
                Trainer.RefuseRuined(); // never evaluated, saved, or a reason to remove a checkpoint before
            var isBest = prepared.EvaluatesAfter(done) && EvaluateOnce(done, progress, stop);
            if (isBest || prepared.SavesAfter(done))
                Save();
            if (done == Trainer.Plan.TotalSteps || best?.Since >= prepared.Options.EarlyStoppingPatience)
            {
                Save();
                return;
            }
            var started = Stopwatch.GetTimestamp();
            var step = Trainer.Step(stop);
            var elapsed = Stopwatch.GetElapsedTime(started);
            log!.Add(step, elapsed);
            events!.Add(step);
            progress?.Report(new TrainingProgress(step.Step, Trainer.Plan.TotalSteps, step, rate.Add(step.Tokens, elapsed)));
        }
    }

    /// <returns>Whether it is the best so far, and new.</returns>
    private bool EvaluateOnce(long step, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        if (log!.Evaluations.Any(evaluation => evaluation.Step == step))
            return false; // before the interruption
        var started = Stopwatch.GetTimestamp();
        var score = Score(step, progress, stop);
        var evaluation = new TrainingEvaluation(
            step,
            (double)step / Trainer.Plan.StepsPerEpoch,
            score.Loss,
            score.Report.Exact.Mean,
            score.Report.F1.Mean,
            prepared.DevelopmentSet!.Count
        );
        if (step == 0)
            DevelopmentAnswers.Write(folder.AnswersBefore, score.Answers);
        log.Add(evaluation, Stopwatch.GetElapsedTime(started));
        events!.Add(evaluation);
        events.Flush();
        return best?.Add(evaluation) ?? false;
    }

    private DevelopmentScore Score(long step, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var score = prepared.DevelopmentSet!.Evaluate(
            prepared.Model,
            prepared.Device,
            count => progress?.Report(new TrainingProgress(Trainer.StepsDone, Trainer.Plan.TotalSteps, null, 0, count)),
            stop
        );
        scored = (step, score);
        return score;
    }

    private void Save()
    {
        if (Trainer.StepsDone == 0)
            return; // that is the model itself
        log!.FlushToDisk();
        events!.Flush();
        checkpoints.Save(Trainer, WriteModelFiles);
        if (prepared.Options.SaveTotalLimit is { } most)
            checkpoints.Prune(most, best?.Best?.Step);
    }

    // What makes a checkpoint's folder a model that can be loaded.
    private void WriteModelFiles(string checkpoint)
    {
        prepared.Tokenizer.SavePretrained(checkpoint);
        SavedModel.ConfigOf(prepared.Model, "float32").ToFile(Path.Combine(checkpoint, PretrainedModel.ConfigFile));
    }

    private TrainingOutcome Finish(
        long kept,
        IProgress<TrainingProgress>? progress,
        Action<TrainingOutcome>? finishing,
        CancellationToken stop
    )
    {
        var after =
            prepared.DevelopmentSet is null ? null
            : scored is { } last && last.Step == kept ? last.Score
            : Score(kept, progress, stop);
        var before = after is null ? null : prepared.DevelopmentSet!.Score(PredictionSet.Read(folder.AnswersBefore));
        var outcome = TrainedModelFiles.Outcome(prepared, folder.Path, log!, kept, before, after);
        var files = TrainedModelFiles.Write(prepared, folder, outcome, after);
        finishing?.Invoke(outcome);
        Record = Record with { Result = TrainedModelFiles.Result(prepared, outcome, files) };
        Record.Write(folder.Record);
        File.Delete(folder.PartialRecord);
        return outcome;
    }

    /// <summary>Closes the folder for this process; what was done since the last checkpoint is done again when it goes on.</summary>
    public void Dispose()
    {
        try
        {
            log?.Dispose();
            events?.Dispose();
        }
        catch (TrainingException)
        {
            // A full disk, told already where something was written.
        }
        finally
        {
            folder.Dispose();
        }
    }
}
