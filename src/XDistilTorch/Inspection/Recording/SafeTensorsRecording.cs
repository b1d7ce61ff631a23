using XDistilTorch.Checkpoints;

namespace XDistilTorch.Inspection.Recording;

/// <summary>
/// Recordings as a safetensors file, window by window: tensors are <c>window.0/layer.3.Query</c> and so on, by the window's number; in the metadata,
/// <c>window.0/tokens</c> says what the tokens are.
/// </summary>
/// <remarks>The file appears under its name when it is complete.</remarks>
public sealed class SafeTensorsRecording : IRecordingFile
{
    private readonly SafeTensorsStream file;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name; replaced when it is there.</param>
    /// <param name="plan">What will be recorded: the format's header stands first and names it all.</param>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    /// <exception cref="InspectionException">These are more windows than the header of one file can hold.</exception>
    public SafeTensorsRecording(string path, RecordingPlan plan)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            file = new SafeTensorsStream(
                path,
                [.. plan.Windows.SelectMany(plan.Tensors).Select(tensor => (tensor.Name, plan.FileType, tensor.Shape))],
                [
                    new("format", "pt"),
                    .. plan.Windows.Select(window =>
                        KeyValuePair.Create(RecordingPlan.NameOf(window, "tokens"), RecordingText.Json(window))
                    ),
                ]
            );
        }
        catch (ArgumentException e)
        {
            throw new InspectionException(
                $"{path}: {plan.Windows.Count} windows are too many for one safetensors file: {e.Message} Record to .npz, or one window at a time (--window).",
                e
            );
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The recording is not of the plan, or was added already.</exception>
    public void Add(WindowRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        foreach (var (name, tensor) in recording.Tensors)
            file.Add(RecordingPlan.NameOf(recording.Window, name), tensor);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public void Commit() => file.Commit();

    /// <summary>Removes what was not committed.</summary>
    public void Dispose() => file.Dispose();
}
