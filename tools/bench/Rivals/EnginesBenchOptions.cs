namespace XDistilTorch.Bench.Rivals;

/// <summary>What <c>engines</c> measures.</summary>
/// <param name="Rounds">How often each engine goes over each stream.</param>
/// <param name="Threads">How many threads each of them has.</param>
/// <param name="Streams">Only these streams; empty: all.</param>
/// <param name="OursOnly">Leaves ONNX Runtime out.</param>
/// <param name="Keep">The folder to keep the graphs in; null: none.</param>
/// <param name="Json">The file for all figures; null: none.</param>
internal sealed record EnginesBenchOptions(
    int Rounds,
    int Threads,
    IReadOnlyCollection<string> Streams,
    bool OursOnly,
    string? Keep,
    string? Json
);
