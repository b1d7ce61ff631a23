using System.Globalization;
using System.Text.Json;
using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>
/// The checkpoints of a training: folders <c>checkpoint-STEP</c> with weights (<c>model.safetensors</c>), the optimizer's state (<c>optimizer.safetensors</c>), what the
/// objective learnt, if anything (<c>objective.safetensors</c>), and <c>trainer_state.json</c>. A training that goes on from one ends with the bits of one that was never interrupted.
/// </summary>
/// <remarks>A checkpoint is written aside, flushed to the disk and renamed: one that is there is whole, whenever the process ended.</remarks>
/// <param name="folder">Holds the checkpoints; must exist.</param>
public sealed class TrainingCheckpoints(string folder)
{
    private const string Prefix = "checkpoint-",
        Weights = "model.safetensors",
        Optimizer = "optimizer.safetensors",
        Objective = "objective.safetensors", // a model's file holds nothing but the model
        State = "trainer_state.json";

    /// <summary>The steps of the checkpoints that are there, in order.</summary>
    public IReadOnlyList<long> Steps =>
        [.. Directory.GetDirectories(folder, Prefix + "*").Select(path => StepOf(Path.GetFileName(path))).OfType<long>().Order()];

    /// <summary>The folder of a step's checkpoint.</summary>
    public string PathOf(long step) => Path.Combine(folder, Prefix + step.ToString(CultureInfo.InvariantCulture));

    /// <summary>Saves a training as it stands. A checkpoint of that step that is there already is the same, and stays.</summary>
    /// <param name="trainer">Between two steps.</param>
    /// <param name="extras">Writes what else belongs into the folder (config, vocabulary), so that it loads as a model; null: nothing.</param>
    /// <exception cref="TrainingException">It cannot be written; nothing is left of it.</exception>
    public void Save(QaTrainer trainer, Action<string>? extras = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var path = PathOf(trainer.StepsDone);
        if (Directory.Exists(path))
            return;
        var aside = Path.Combine(folder, $".{Path.GetFileName(path)}.tmp");
        try
        {
            RemoveHalfWritten();
            Directory.CreateDirectory(aside);
            SafeTensors.Write(Path.Combine(aside, Weights), Tensors(trainer.ModelParameters), [new("format", "pt")]);
            SafeTensors.Write(Path.Combine(aside, Optimizer), trainer.Optimizer.State);
            if (trainer.ObjectiveParameters.Count > 0)
                SafeTensors.Write(Path.Combine(aside, Objective), Tensors(trainer.ObjectiveParameters));
            extras?.Invoke(aside);
            WriteState(Path.Combine(aside, State), StateOf(trainer));
            Directory.Move(aside, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XDistilException)
        {
            RemoveQuietly(aside);
            throw new TrainingException($"{path} cannot be written: {e.Message.Replace(aside, path, StringComparison.Ordinal)}", e);
        }
    }

    /// <summary>Goes on from the last checkpoint.</summary>
    /// <param name="trainer">Made anew, with the same model, windows and options.</param>
    /// <returns>The step that it goes on from; 0 where there is no checkpoint.</returns>
    /// <exception cref="TrainingException">The checkpoint is of another training; the message names what differs.</exception>
    /// <exception cref="CheckpointException">Its files are damaged or do not fit the model.</exception>
    public long Resume(QaTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (Steps is not [.., var step])
            return 0;
        var path = PathOf(step);
        try
        {
            Restore(trainer, path, step);
            return step;
        }
        catch (CheckpointException e)
        {
            throw new CheckpointException($"{e.Message}\nWithout the folder {path} the training goes on from the checkpoint before.", e);
        }
    }

    private void Restore(QaTrainer trainer, string path, long step)
    {
        var state = ReadState(Path.Combine(path, State));
        RefuseAnother(path, state, StateOf(trainer));
        if (state.StepsDone != step)
            throw new TrainingException($"{path}: {State} says that {state.StepsDone} steps are done; the folder was renamed or changed.");
        LoadWeights(trainer, step);
        Load(Path.Combine(path, Optimizer), trainer.Optimizer.State);
        if (trainer.ObjectiveParameters.Count > 0)
            Load(Path.Combine(path, Objective), Tensors(trainer.ObjectiveParameters));
        trainer.StepsDone = step;
    }

    /// <summary>Puts the weights of a checkpoint into the model; the training itself does not go back.</summary>
    /// <exception cref="CheckpointException">Its files are damaged or do not fit the model.</exception>
    internal void LoadWeights(QaTrainer trainer, long step) => Load(Path.Combine(PathOf(step), Weights), Tensors(trainer.ModelParameters));

    /// <summary>Removes the oldest checkpoints.</summary>
    /// <param name="most">How many stay.</param>
    /// <param name="keep">One that stays in any case; null: none.</param>
    public void Prune(int most, long? keep = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var steps = Steps;
        foreach (var step in steps.Take(Math.Max(0, steps.Count - most)).Where(step => step != keep))
            Directory.Delete(PathOf(step), recursive: true);
    }

    private static Dictionary<string, Tensor> Tensors(IEnumerable<(string Name, TorchSharp.Modules.Parameter Parameter)> parameters) =>
        parameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter, StringComparer.Ordinal);

    private static long? StepOf(string name) =>
        long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    private static TrainerState StateOf(QaTrainer trainer) =>
        new()
        {
            StepsDone = trainer.StepsDone,
            TotalSteps = trainer.Plan.TotalSteps,
            Options = trainer.Options,
            WindowsSha256 = trainer.WindowsSha256,
        };

    private static void WriteState(string path, TrainerState state)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        JsonSerializer.Serialize(file, state, TrainerStateJson.Default.TrainerState);
        file.Write("\n"u8);
        file.Flush(flushToDisk: true);
    }

    private static TrainerState ReadState(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var state =
                JsonSerializer.Deserialize(file, TrainerStateJson.Default.TrainerState) ?? throw new JsonException("it holds null.");
            return state.Version == TrainerState.CurrentVersion
                ? state
                : throw new JsonException($"version is {state.Version}, expected {TrainerState.CurrentVersion}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainingException($"{path}: is not the state of a training: {e.Message}", e);
        }
    }

    /// <exception cref="TrainingException">Options or data differ.</exception>
    private static void RefuseAnother(string path, TrainerState found, TrainerState now)
    {
        var (before, after) = (Fields(found), Fields(now));
        var differing = before
            .Where(field => after[field.Key] != field.Value)
            .Select(field => $"{field.Key} was {field.Value}, is {after[field.Key]}")
            .ToList();
        if (found.WindowsSha256 != now.WindowsSha256)
            differing.Add("the data (or how it is cut into windows) is another");
        if (differing.Count > 0)
            throw new TrainingException(
                $"{path}: is of another training: {string.Join("; ", differing)}. Go on with the same, or train into another folder."
            );
    }

    private static Dictionary<string, string> Fields(TrainerState state) =>
        JsonSerializer
            .SerializeToNode(state.Options, TrainerStateJson.Default.TrainingOptions)!
            .AsObject()
            .ToDictionary(field => field.Key, field => field.Value?.ToJsonString() ?? "null", StringComparer.Ordinal);

    // Read whole and compared before anything is changed.
    private static void Load(string path, IReadOnlyDictionary<string, Tensor> into)
    {
        using var _ = no_grad();
        var found = SafeTensors.Read(path);
        try
        {
            var faults = into
                .Keys.Except(found.Keys)
                .Select(name => $"{name} is missing")
                .Concat(found.Keys.Except(into.Keys).Select(name => $"{name} is not expected"))
                .Concat(
                    into.Where(p =>
                            found.TryGetValue(p.Key, out var tensor)
                            && (tensor.dtype != p.Value.dtype || !tensor.shape.AsSpan().SequenceEqual(p.Value.shape))
                        )
                        .Select(p => $"{p.Key} is [{string.Join(", ", found[p.Key].shape)}], expected [{string.Join(", ", p.Value.shape)}]")
                )
                .ToList();
            if (faults.Count > 0)
                throw new CheckpointException($"{path}: {faults.Count} tensors do not fit the training:\n  {string.Join("\n  ", faults)}");
            foreach (var (name, tensor) in into)
                tensor.copy_(found[name]);
        }
        finally
        {
            foreach (var tensor in found.Values)
                tensor.Dispose();
        }
    }

    // What a process that was killed was writing.
    private void RemoveHalfWritten()
    {
        foreach (var half in Directory.GetDirectories(folder, $".{Prefix}*.tmp"))
            Directory.Delete(half, recursive: true);
    }

    private static void RemoveQuietly(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to tell of.
        }
    }
}
