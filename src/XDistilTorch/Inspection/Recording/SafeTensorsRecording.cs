using XDistilTorch.Checkpoints;

namespace XDistilTorch.Inspection.Recording;

/// <summary>One window's recording as a safetensors file: the tensors by their points' names, and in the metadata, under <c>tokens</c>, what the tokens are.</summary>
public static class SafeTensorsRecording
{
    /// <summary>Writes the file: under a temporary name, then renamed.</summary>
    /// <param name="path">Its name; replaced when it is there.</param>
    /// <param name="recording">The window.</param>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public static void Write(string path, WindowRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        SafeTensors.Write(path, recording.Tensors, [new("format", "pt"), new("tokens", RecordingText.Json(recording.Window))]);
    }
}
