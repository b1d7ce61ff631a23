using System.Globalization;
using XDistilTorch.Checkpoints;

namespace XDistilTorch.Conversion;

/// <summary>Which tensor goes where, under which name and type; made before anything is written.</summary>
internal sealed class ShardPlan
{
    /// <summary>A tensor on its way.</summary>
    /// <param name="Found">Its name in the source.</param>
    /// <param name="Name">Its name of today.</param>
    /// <param name="DType">The type that it gets.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Bytes">The size that it gets.</param>
    public sealed record Item(string Found, string Name, DType DType, long[] Shape, long Bytes);

    /// <summary>A file of weights and what it holds, larger types first.</summary>
    public sealed record Shard(string FileName, IReadOnlyList<Item> Items);

    private ShardPlan(IReadOnlyList<Shard> shards) => Shards = shards;

    public IReadOnlyList<Shard> Shards { get; }

    public IEnumerable<Item> Items => Shards.SelectMany(shard => shard.Items);

    /// <exception cref="CheckpointException">Two tensors would have one name.</exception>
    public static ShardPlan Of(Checkpoint checkpoint, ConversionOptions options)
    {
        var target = options.DType is { } asked && DTypes.TryFrom(asked, out var type) ? type : (DType?)null;
        Item[] items =
        [
            .. checkpoint.Tensors.Values.Select(entry => Planned(entry, target)).OrderBy(item => item.Name, StringComparer.Ordinal),
        ];
        RefuseNames(checkpoint.Path, items);
        return new ShardPlan(Named(Split(items, options.MaxShardSize ?? long.MaxValue)));
    }

    private static void RefuseNames(string path, Item[] items)
    {
        if (items.Any(item => item.Name == SafeTensorsHeader.MetadataKey))
            throw new CheckpointException(
                $"{path}: has a tensor {SafeTensorsHeader.MetadataKey}, which is safetensors' own name for notes. Give it another one."
            );
        string[] twice =
        [
            .. items
                .GroupBy(item => item.Name)
                .Where(same => same.Count() > 1)
                .Select(same => string.Join(" and ", same.Select(item => Wording.Show(item.Found)))),
        ];
        if (twice.Length > 0)
            throw new CheckpointException(
                $"{path}: names of before 2019 and of today for the same tensors: {string.Join("; ", twice.Take(5))}. Remove one of each."
            );
    }

    private static Item Planned(TensorEntry entry, DType? target)
    {
        var type = target is { } other && entry.DType.IsFloat() ? other : entry.DType;
        long[] shape = [.. entry.Shape];
        // The reader has checked that the source's size can be counted; eight times that may not.
        var bytes =
            type.ByteLength(shape)
            ?? throw new CheckpointException($"{entry.File}: {Wording.Show(entry.Name)} is too large as {type.FileName()}.");
        return new Item(entry.Name, TensorNames.Modern(entry.Name), type, shape, bytes);
    }

    // One after the other, as Hugging Face splits; a tensor larger than a file may be has a file of its own.
    private static List<List<Item>> Split(IEnumerable<Item> items, long most)
    {
        var shards = new List<List<Item>> { new() };
        var filled = 0L;
        foreach (var item in items)
        {
            if (shards[^1].Count > 0 && item.Bytes > most - filled)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(item);
            filled += item.Bytes;
        }
        return shards;
    }

    private static Shard[] Named(List<List<Item>> shards) =>
        [
            .. shards.Select(
                (items, i) =>
                    new Shard(
                        shards.Count == 1
                            ? ConvertedWeights.OneFile
                            : string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors"),
                        [.. items.OrderByDescending(item => item.DType.Bits()).ThenBy(item => item.Name, StringComparer.Ordinal)]
                    )
            ),
        ];
}
