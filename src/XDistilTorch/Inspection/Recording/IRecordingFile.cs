namespace XDistilTorch.Inspection.Recording;

/// <summary>A file that takes recordings window by window, so that memory is bounded by one of them. It appears under its name when it is complete.</summary>
public interface IRecordingFile : IDisposable
{
    /// <summary>Adds a window; the recording stays the caller's.</summary>
    /// <exception cref="XDistilException">It cannot be written.</exception>
    void Add(WindowRecording recording);

    /// <summary>Completes the file and gives it its name.</summary>
    /// <exception cref="XDistilException">It cannot be written.</exception>
    void Commit();
}
