using XDistilTorch.Modeling;
using XDistilTorch.Windows;

namespace XDistilTorch.Engines;

/// <summary>An engine's door: every window fits the model, since kernels read tables without looking.</summary>
internal static class WindowCheck
{
    /// <exception cref="ArgumentException">One does not; the message says which and why.</exception>
    public static void Check(IReadOnlyList<TokenWindow> windows, BertConfig config)
    {
        for (var i = 0; i < windows.Count; i++)
        {
            var window = windows[i];
            if (window.Length < 1 || window.Length > config.MaxPositionEmbeddings)
                throw new ArgumentException(
                    $"window {i} has {window.Length} tokens, this model has positions for 1 to {config.MaxPositionEmbeddings}.",
                    nameof(windows)
                );
            if (window.TypeIds.Length != window.Length)
                throw new ArgumentException($"window {i} has {window.Length} ids and {window.TypeIds.Length} type ids.", nameof(windows));
            CheckIds(window.Ids, config.VocabSize, i, "id");
            CheckIds(window.TypeIds, config.TypeVocabSize, i, "type id");
        }
    }

    private static void CheckIds(int[] ids, int count, int window, string name)
    {
        foreach (var id in ids)
            if ((uint)id >= (uint)count)
                throw new ArgumentException($"window {window} holds the {name} {id}, expected 0 to {count - 1}.", nameof(ids));
    }
}
