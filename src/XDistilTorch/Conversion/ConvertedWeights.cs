using System.Text.Json;
using TorchSharp;
using XDistilTorch.Checkpoints;

namespace XDistilTorch.Conversion;

/// <summary>Writes the weights of a plan, one tensor in memory at a time.</summary>
internal static class ConvertedWeights
{
    /// <summary>Where all weights are in one file.</summary>
    public const string OneFile = "model.safetensors";

    /// <summary>Where they are in several, which is in which.</summary>
    public const string Index = "model.safetensors.index.json";

    /// <returns>The names of the files.</returns>
    /// <exception cref="CheckpointException">Numbers are beyond the new type, the source is damaged, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        string folder,
        Checkpoint source,
        ShardPlan plan,
        torch.ScalarType? type,
        CancellationToken cancellation
    )
    {
        var cast = type is { } asked ? StorageCast.To(asked, nameof(type)) : null;
        foreach (var shard in plan.Shards)
            WriteShard(Path.Combine(folder, shard.FileName), source, shard, cast, cancellation);
        cast?.ThrowOnFaults(source.Path); // after the last tensor, so that all are named
        if (plan.Shards.Count == 1)
            return [OneFile];
        WriteIndex(Path.Combine(folder, Index), plan);
        return [.. plan.Shards.Select(shard => shard.FileName), Index];
    }

    private static void WriteShard(string path, Checkpoint source, ShardPlan.Shard shard, StorageCast? cast, CancellationToken cancellation)
    {
        using var file = new SafeTensorsStream(
            path,
            [.. shard.Items.Select(item => (item.Name, item.DType, item.Shape))],
            [.. Notes(source)]
        );
        foreach (var item in shard.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var tensor = source.Read(item.Found);
            file.Add(item.Name, cast is not null && source.Tensors[item.Found].DType.IsFloat() ? cast.Of(item.Found, tensor) : tensor);
        }
        file.Commit();
    }

    // Python's transformers asks for the format.
    private static IEnumerable<KeyValuePair<string, string>> Notes(Checkpoint source) =>
        source.Metadata.Where(note => note.Key != "format").Prepend(new("format", "pt"));

    private static void WriteIndex(string path, ShardPlan plan)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using (
            var json = new Utf8JsonWriter(
                file,
                new()
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = ReadableJsonEncoder.Instance,
                }
            )
        )
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", plan.Items.Sum(item => item.Bytes));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            foreach (
                var (name, fileName) in plan
                    .Shards.SelectMany(shard => shard.Items.Select(item => (item.Name, shard.FileName)))
                    .OrderBy(item => item.Name, StringComparer.Ordinal)
            )
                json.WriteString(name, fileName);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        file.Flush(flushToDisk: true);
    }
}
