namespace XDistilTorch.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being fetched.</param>
/// <param name="Bytes">Bytes that are there, of all files that are to be fetched.</param>
/// <param name="TotalBytes">How many bytes those files have.</param>
/// <param name="IsWaiting">Whether another process fetches this file, and is waited for.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long TotalBytes, bool IsWaiting = false);
