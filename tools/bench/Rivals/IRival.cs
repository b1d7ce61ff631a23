using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench.Rivals;

/// <summary>Another program that turns the same windows into logits with the same weights.</summary>
internal interface IRival : IDisposable
{
    /// <summary>What it is, with its feeding, for a table.</summary>
    string Name { get; }

    /// <summary>How many threads compute at once, all sessions together.</summary>
    int Threads { get; }

    /// <summary>The logits of every window, in the order given; padding is cut off.</summary>
    IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows);
}
