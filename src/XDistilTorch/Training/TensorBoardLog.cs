using System.Globalization;
using Tensorboard;

namespace XDistilTorch.Training;

/// <summary>
/// The curves of a training for TensorBoard: one event file of scalars, <c>train/loss</c>, <c>train/learning_rate</c>, <c>train/grad_norm</c>, <c>eval/loss</c>,
/// <c>eval/exact</c> and <c>eval/f1</c> over the steps. For one thread.
/// </summary>
/// <remarks>
/// The file begins anew whenever it is opened: a training that goes on adds the steps that were done before it again, and those come with the time at which they
/// were added. What was flushed stays readable however the process ends.
/// </remarks>
public sealed class TensorBoardLog : IDisposable
{
    private const string Prefix = "events.out.tfevents.";

    private readonly EventFile file;

    /// <summary>Begins a file and removes the event files that are in the folder already.</summary>
    /// <param name="folder">Where to; made where there is none.</param>
    /// <exception cref="TrainingException">The folder cannot be written.</exception>
    public TensorBoardLog(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // Without the machine's name, which others put there: the folder is passed on with the model.
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString("0000000000", CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine(folder, $"{Prefix}{seconds}.xdistil");
        file = EventFile.Create(path);
        try
        {
            foreach (var other in Directory.GetFiles(folder, Prefix + "*").Where(other => other != path))
                File.Delete(other);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw new TrainingException($"{folder}: event files of before cannot be removed: {e.Message}", e);
        }
    }

    /// <summary>The event file.</summary>
    public string Path => file.Path;

    /// <summary>Adds what a step was.</summary>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void Add(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Add(step.Step, ("train/loss", step.Loss), ("train/learning_rate", step.LearningRate), ("train/grad_norm", step.GradNorm));
    }

    /// <summary>Adds what the development questions said.</summary>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void Add(TrainingEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        Add(evaluation.Step, ("eval/loss", evaluation.Loss), ("eval/exact", evaluation.Exact), ("eval/f1", evaluation.F1));
    }

    /// <summary>Hands what was added to the operating system, for whoever reads along.</summary>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void Flush() => file.Flush();

    /// <summary>Closes the file.</summary>
    /// <exception cref="TrainingException">What was not flushed yet cannot be written.</exception>
    public void Dispose() => file.Dispose();

    private void Add(long step, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        var summary = new Summary();
        foreach (var (tag, value) in scalars)
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
        file.Write(new Event { Step = step, Summary = summary });
    }
}
