using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench.Rivals;

/// <summary>One of our own engines among its rivals.</summary>
internal sealed class OurEngine(string name, IWindowEngine engine, int threads) : IRival
{
    public string Name => name;

    public int Threads => threads;

    public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows) => engine.Run(windows);

    public void Dispose() => (engine as IDisposable)?.Dispose();
}
