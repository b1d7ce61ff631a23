using XDistilTorch.Windows;

namespace XDistilTorch.Engines;

/// <summary>What turns windows into logits.</summary>
public interface IWindowEngine
{
    /// <summary>The logits of every window, in the order given. The same windows give the same logits.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default);
}
