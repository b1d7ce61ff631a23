using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Training.Runs;

/// <summary>One line of the log: a step, or an evaluation.</summary>
internal sealed record LogRow
{
    public long Step { get; init; }
    public double Epoch { get; init; }
    public double? Loss { get; init; }
    public double? LearningRate { get; init; }
    public double? GradNorm { get; init; }
    public long? Tokens { get; init; }
    public double? EvalLoss { get; init; }
    public double? EvalExact { get; init; }
    public double? EvalF1 { get; init; }
    public int? EvalQuestions { get; init; }

    /// <summary>How long it took; of all fields the only one that differs between equal trainings.</summary>
    public double Seconds { get; init; }

    public static LogRow Of(TrainingStep step, TimeSpan elapsed) =>
        new()
        {
            Step = step.Step,
            Epoch = step.Epoch,
            Loss = step.Loss,
            LearningRate = step.LearningRate,
            GradNorm = step.GradNorm,
            Tokens = step.Tokens,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
        };

    public static LogRow Of(TrainingEvaluation evaluation, TimeSpan elapsed) =>
        new()
        {
            Step = evaluation.Step,
            Epoch = evaluation.Epoch,
            EvalLoss = evaluation.Loss,
            EvalExact = evaluation.Exact,
            EvalF1 = evaluation.F1,
            EvalQuestions = evaluation.Questions,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
        };

    public TrainingEvaluation? AsEvaluation() =>
        (EvalLoss, EvalExact, EvalF1, EvalQuestions) is ({ } loss, { } exact, { } f1, { } questions)
            ? new(Step, Epoch, loss, exact, f1, questions)
            : null;

    public TrainingStep? AsStep() =>
        (Loss, LearningRate, GradNorm, Tokens) is ({ } loss, { } rate, { } norm, { } tokens)
            ? new(Step, Epoch, loss, rate, norm, tokens)
            : null;
}

[JsonSerializable(typeof(LogRow))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
internal sealed partial class LogRowJson : JsonSerializerContext;

/// <summary>The log of a training, one JSON object a line. What comes after the checkpoint that a training goes on from is dropped: those steps are done again.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly string path;
    private readonly FileStream file;
    private readonly List<TrainingStep> steps = [];
    private readonly List<TrainingEvaluation> evaluations = [];

    private TrainingLog(string path, FileStream file) => (this.path, this.file) = (path, file);

    /// <summary>Every step so far, those of earlier processes included.</summary>
    public IReadOnlyList<TrainingStep> Steps => steps;

    /// <summary>Every evaluation so far.</summary>
    public IReadOnlyList<TrainingEvaluation> Evaluations => evaluations;

    /// <summary>Opens the log at a step; it is made where it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stepsDone">Rows of later steps are dropped.</param>
    /// <exception cref="TrainingException">It cannot be read or written, is not a log, or lacks rows of the steps that are done.</exception>
    public static TrainingLog Open(string path, long stepsDone)
    {
        TrainingLog? log = null;
        try
        {
            log = new TrainingLog(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
            log.ReadThrough(stepsDone);
            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log?.Dispose();
            throw Unwritable(path, e);
        }
        catch
        {
            log?.Dispose();
            throw;
        }
    }

    private void ReadThrough(long stepsDone)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var at = 0;
        while (bytes.AsSpan(at).IndexOf((byte)'\n') is var length and >= 0) // a line that was torn has no end
        {
            var row = Parse(bytes.AsSpan(at, length), steps.Count + evaluations.Count + 1);
            if (row.Step > stepsDone)
                break;
            Keep(row);
            at += length + 1;
        }
        file.SetLength(at);
        file.Position = at;
        if (steps.Count != stepsDone)
            throw new TrainingException(
                $"{path}: tells of {steps.Count} steps, the checkpoint is of step {stepsDone}: rows are missing. Put the file back, or train into another folder."
            );
    }

    private LogRow Parse(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LogRowJson.Default.LogRow) ?? throw new JsonException("it holds null.");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{path}: line {number} is no row of a training's log: {e.Message}", e);
        }
    }

    private void Keep(LogRow row)
    {
        if (row.AsStep() is { } step)
            steps.Add(step);
        else if (row.AsEvaluation() is { } evaluation)
            evaluations.Add(evaluation);
    }

    /// <summary>Appends a step.</summary>
    public void Add(TrainingStep step, TimeSpan elapsed) => Append(LogRow.Of(step, elapsed));

    /// <summary>Appends an evaluation.</summary>
    public void Add(TrainingEvaluation evaluation, TimeSpan elapsed) => Append(LogRow.Of(evaluation, elapsed));

    private void Append(LogRow row)
    {
        Guarded(() =>
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(row, LogRowJson.Default.LogRow));
            file.Write("\n"u8);
            file.Flush(); // for who watches it
        });
        Keep(row);
    }

    /// <summary>Puts the rows on the disk; before a checkpoint, which counts on them.</summary>
    public void FlushToDisk() => Guarded(() => file.Flush(flushToDisk: true));

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    private static TrainingException Unwritable(string path, Exception e) =>
        new($"{path}: cannot be written: {e.Message} The last checkpoint is safe; go on with --resume.", e);

    public void Dispose()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // A full disk: told when the row was written.
        }
    }
}
