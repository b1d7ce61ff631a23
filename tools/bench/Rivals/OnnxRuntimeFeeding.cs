namespace XDistilTorch.Bench.Rivals;

/// <summary>How windows are given to ONNX Runtime within a budget of threads. Which is best depends on the machine; the best one is the rival.</summary>
internal enum OnnxRuntimeFeeding
{
    /// <summary>One window at a time, unpadded; all threads compute it together.</summary>
    OneWindow,

    /// <summary>As many sessions as threads, one thread each; every session takes the next window.</summary>
    OneSessionAThread,

    /// <summary>Batches of 8 windows of similar length, padded to the longest of each; all threads compute a batch together.</summary>
    SortedBatches,
}
