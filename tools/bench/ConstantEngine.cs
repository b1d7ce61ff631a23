using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench;

/// <summary>Says the same of every window of a length, at once: what is left is everything but the model.</summary>
internal sealed class ConstantEngine : IWindowEngine
{
    private readonly Dictionary<int, WindowLogits> known = [];

    public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default) =>
        [.. windows.Select(window => Of(window.Length))];

    private WindowLogits Of(int length)
    {
        if (!known.TryGetValue(length, out var logits))
            known[length] = logits = new WindowLogits(Draw(length, 1), Draw(length, 2));
        return logits;
    }

    // As a trained model's: far below zero nearly everywhere, a few places stand out.
    private static float[] Draw(int length, int seed)
    {
        var random = new Random(seed * 1000 + length);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(-8 + 3 * random.NextDouble() + (random.Next(20) == 0 ? 9 : 0)))];
    }
}
