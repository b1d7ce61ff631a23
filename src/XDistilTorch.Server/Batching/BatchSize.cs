using XDistilTorch.Engines;

namespace XDistilTorch.Server.Batching;

/// <summary>How many tokens of different requests go through the engine together.</summary>
/// <param name="Enough">With so many no more are waited for.</param>
/// <param name="Most">Never more, but for one request that has more by itself.</param>
internal readonly record struct BatchSize(int Enough, int Most)
{
    /// <summary>Each request by itself.</summary>
    public static BatchSize Alone { get; } = new(1, 1);

    /// <summary>
    /// What the engine makes one pass of. The packed engines compute one pack of up to 384 tokens a core: one pack a pass, so that no question waits for the whole of a large batch
    /// while a core is free. The module tree is faster in batches.
    /// </summary>
    public static BatchSize For(EngineKind engine) =>
        engine == EngineKind.Eager ? new BatchSize(8 * 384, 8 * 384) : new BatchSize(192, 384);
}
