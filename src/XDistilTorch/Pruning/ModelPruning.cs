using System.Globalization;
using TorchSharp;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Pruning;

/// <summary>
/// Smaller models out of larger ones: heads or layers that are removed are no longer there, so that what is left is faster and computes what the whole model computes with
/// them masked. A head without context vectors (zero ablation) adds nothing to the output projection, whose bias stays; a layer that is skipped gives its input on.
/// </summary>
public static class ModelPruning
{
    private const string LayerPrefix = "bert.encoder.layer.";

    /// <summary>The model without some heads.</summary>
    /// <param name="model">The model; stays as it is.</param>
    /// <param name="heads">Which heads, numbered as the model has them now; one that is named twice counts once.</param>
    /// <returns>A new model of the same type, device and mode, the caller's to dispose. Its config has the heads' original numbers in <see cref="BertConfig.PrunedHeads"/>.</returns>
    /// <exception cref="PruningException">No head is named, some are not there (all in one message), or a part of the model was replaced.</exception>
    public static BertForQuestionAnswering Heads(BertForQuestionAnswering model, IEnumerable<AttentionHead> heads)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(heads);
        var config = model.Config;
        var removed = heads.ToHashSet();
        CheckHeads(config, removed);
        int[] layers = [.. Enumerable.Range(0, config.NumHiddenLayers)];
        int[][] kept =
        [
            .. layers.Select(layer =>
                Enumerable.Range(0, config.HeadCount(layer)).Where(head => !removed.Contains(new AttentionHead(layer, head))).ToArray()
            ),
        ];
        return Make(model, config with { PrunedHeads = Pruned(config, layers, kept) }, layers, kept);
    }

    /// <summary>The model without some layers; those above move down, and take their numbers.</summary>
    /// <param name="model">The model; stays as it is.</param>
    /// <param name="layers">Which layers; one that is named twice counts once.</param>
    /// <returns>A new model of the same type, device and mode, the caller's to dispose.</returns>
    /// <exception cref="PruningException">No layer is named, some are not there, none would be left, or a part of the model was replaced.</exception>
    public static BertForQuestionAnswering Layers(BertForQuestionAnswering model, IEnumerable<int> layers)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        var config = model.Config;
        var removed = layers.ToHashSet();
        CheckLayers(config, removed);
        int[] left = [.. Enumerable.Range(0, config.NumHiddenLayers).Where(layer => !removed.Contains(layer))];
        int[][] heads = [.. left.Select(layer => Enumerable.Range(0, config.HeadCount(layer)).ToArray())];
        return Make(model, config with { NumHiddenLayers = left.Length, PrunedHeads = Pruned(config, left, heads) }, left, heads);
    }

    private static void CheckHeads(BertConfig config, HashSet<AttentionHead> heads)
    {
        if (heads.Count == 0)
            throw new PruningException("no head is named, expected one at least.");
        var faults = heads
            .OrderBy(head => head.Layer)
            .ThenBy(head => head.Head)
            .Select(head => Fault(config, head))
            .OfType<string>()
            .ToList();
        if (faults.Count > 0)
            throw new PruningException($"{string.Join("; ", faults.Distinct())}.");
    }

    private static string? Fault(BertConfig config, AttentionHead head) =>
        head.Layer < 0 || head.Layer >= config.NumHiddenLayers
            ? $"there is no layer {head.Layer}; the model has {config.NumHiddenLayers}, numbered from 0"
        : config.HeadCount(head.Layer) == 0 ? $"layer {head.Layer} has no heads left: all of them were pruned"
        : head.Head < 0 || head.Head >= config.HeadCount(head.Layer)
            ? $"there is no head {head.Head} in layer {head.Layer}, which has {config.HeadCount(head.Layer)}, numbered from 0"
        : null;

    private static void CheckLayers(BertConfig config, HashSet<int> layers)
    {
        if (layers.Count == 0)
            throw new PruningException("no layer is named, expected one at least.");
        int[] strange = [.. layers.Where(layer => layer < 0 || layer >= config.NumHiddenLayers).Order()];
        if (strange.Length > 0)
            throw new PruningException(
                $"there is no layer {string.Join(", ", strange)}; the model has {config.NumHiddenLayers}, numbered from 0."
            );
        if (layers.Count == config.NumHiddenLayers)
            throw new PruningException($"all {config.NumHiddenLayers} layers would be removed, expected one at least that stays.");
    }

    // What is kept are places among the heads that are there; the config has original numbers.
    private static Dictionary<int, IReadOnlyList<int>> Pruned(BertConfig config, int[] layers, int[][] kept)
    {
        Dictionary<int, IReadOnlyList<int>> pruned = [];
        for (var i = 0; i < layers.Length; i++)
        {
            var original = config.KeptHeads(layers[i]);
            var gone = Enumerable.Range(0, config.NumAttentionHeads).Except(kept[i].Select(head => original[head])).ToList();
            if (gone.Count > 0)
                pruned[i] = gone;
        }
        return pruned;
    }

    // layers[i]: which layer of the model becomes layer i; heads[i]: which of its heads.
    private static BertForQuestionAnswering Make(BertForQuestionAnswering model, BertConfig config, int[] layers, int[][] heads)
    {
        var weights = model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter, StringComparer.Ordinal);
        var like = weights.Values.First();
        var smaller = BertForQuestionAnswering.Uninitialized(config);
        try
        {
            smaller.to(like.dtype);
            smaller.to(like.device);
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            foreach (var (name, parameter) in smaller.named_parameters())
                parameter.copy_(Part(weights, name, parameter.shape, layers, heads, config.HeadSize));
            RefuseLeftOver(weights.Keys, layers);
            smaller.train(model.training);
            return smaller;
        }
        catch
        {
            smaller.Dispose();
            throw;
        }
    }

    private static Tensor Part(Dictionary<string, Tensor> weights, string name, long[] shape, int[] layers, int[][] heads, int headSize)
    {
        var (source, part) = (name, (Func<Tensor, Tensor>)(whole => whole));
        if (name.StartsWith(LayerPrefix, StringComparison.Ordinal))
        {
            var end = name.IndexOf('.', LayerPrefix.Length);
            var layer = int.Parse(
                name.AsSpan(LayerPrefix.Length, end - LayerPrefix.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture
            );
            source = string.Create(CultureInfo.InvariantCulture, $"{LayerPrefix}{layers[layer]}{name.AsSpan(end)}");
            part = whole => OfHeads(whole, name.AsSpan(end + 1), heads[layer], headSize);
        }
        if (!weights.Remove(source, out var found))
            throw Replaced($"{source} is missing");
        var kept = part(found);
        return kept.shape.AsSpan().SequenceEqual(shape) ? kept : throw Replaced($"{source} is [{string.Join(", ", found.shape)}]");
    }

    private static Tensor OfHeads(Tensor whole, ReadOnlySpan<char> name, int[] heads, int headSize)
    {
        int? dimension =
            name.StartsWith("attention.self.") ? 0 // queries, keys, values: [heads * D, H], biases [heads * D]
            : name.SequenceEqual("attention.output.dense.weight") ? 1 // [H, heads * D]
            : null;
        if (dimension is not { } along || whole.ndim <= along || heads.Any(head => (head + 1) * headSize > whole.shape[along]))
            return whole;
        long[] units = [.. heads.SelectMany(head => Enumerable.Range(head * headSize, headSize).Select(unit => (long)unit))];
        return whole.index_select(along, tensor(units, device: whole.device));
    }

    private static void RefuseLeftOver(IEnumerable<string> names, int[] layers)
    {
        var kept = layers.Select(layer => string.Create(CultureInfo.InvariantCulture, $"{LayerPrefix}{layer}.")).ToList();
        var strange = names.FirstOrDefault(name =>
            !name.StartsWith(LayerPrefix, StringComparison.Ordinal)
            || kept.Exists(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        );
        if (strange is not null)
            throw Replaced($"{strange} is not one of its parameters");
    }

    private static PruningException Replaced(string finding) =>
        new($"a part of the model was replaced: {finding}. Expected the modules that the config describes; prune before replacing them.");
}
