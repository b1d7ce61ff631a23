namespace XDistilTorch.Training.Runs;

/// <summary>The output folder of a training: its files' names, and who may write it.</summary>
internal sealed class TrainingFolder : IDisposable
{
    private readonly FileStream hold;

    private TrainingFolder(string path, FileStream hold) => (Path, this.hold) = (path, hold);

    public string Path { get; }

    /// <summary>The record while the training is under way.</summary>
    public string PartialRecord => At("training.partial.json");

    /// <summary>The record of the finished training.</summary>
    public string Record => At("training.json");

    public string Log => At("training_log.jsonl");

    /// <summary>Event files for TensorBoard.</summary>
    public string Events => At("runs");

    /// <summary>The answers of the model before, a SQuAD prediction file.</summary>
    public string AnswersBefore => At("dev_predictions.before.json");

    /// <summary>The answers of the result.</summary>
    public string Answers => At("dev_predictions.json");

    /// <summary>Questions that were not trained on as they are, with the reason.</summary>
    public string NotTrained => At("not_trained.jsonl");

    public string Card => At("README.md");

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Refuses a folder that cannot be trained into; before anything is loaded.</summary>
    /// <exception cref="TrainingException">It is a file, or holds something else.</exception>
    public static void Check(string path, bool resume)
    {
        if (File.Exists(path))
            throw new TrainingException($"{path}: is a file, expected the name of a folder for the trained model.");
        if (!Directory.Exists(path))
            return;
        var things = Directory.GetFileSystemEntries(path).Select(System.IO.Path.GetFileName).ToList();
        var isTraining =
            things.Contains("training.partial.json") || (things.Contains("training.json") && things.Contains("training_log.jsonl"));
        if (isTraining && !resume)
            throw new TrainingException($"{path}: holds a training already. Go on with --resume, or give another name.");
        if (!isTraining && things.Exists(name => name is not (HoldName or FirstWritten)))
            throw new TrainingException(
                $"{path}: is not empty ({string.Join(", ", things.Order(StringComparer.Ordinal).Take(3))}{(things.Count > 3 ? ", ..." : "")}), expected a folder of its own for the trained model."
            );
    }

    private const string HoldName = ".training.lock",
        FirstWritten = "training.partial.json.tmp"; // where a process was killed at its very beginning

    /// <summary>Takes the folder for this process; it is made where it is not there.</summary>
    /// <exception cref="TrainingException">Another process trains into it, it holds something else, or it cannot be written.</exception>
    public static TrainingFolder Take(string path, bool resume)
    {
        Check(path, resume);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path}: the folder cannot be made: {e.Message}", e);
        }
        var file = System.IO.Path.Combine(path, HoldName);
        try
        {
            return new TrainingFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TrainingException($"{path}: cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new TrainingException($"{path}: another process trains into it, or it cannot be written: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(hold.Name); // while it is held: whoever comes next makes a new one
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays, and holds nobody.
        }
        hold.Dispose();
    }
}
