using System.Text.Json;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// An index of weights in several files, <c>model.safetensors.index.json</c>: which tensor is in which of the files beside it.
/// </summary>
internal sealed class ShardIndex : IWeightFile
{
    private const int LongestIndex = 100_000_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private readonly List<IWeightFile> shards = [];
    private readonly OrderedDictionary<string, StoredTensor> stored = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, string> metadata = new(StringComparer.Ordinal);

    private ShardIndex() { }

    public IReadOnlyDictionary<string, StoredTensor> Stored => stored;

    /// <summary>The notes of all the files; of two that differ, the first.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <param name="path">The index.</param>
    /// <param name="openShard">Opens one of the files it names.</param>
    /// <exception cref="CheckpointException">The index is no index, or does not agree with its files; every fault is named.</exception>
    public static ShardIndex Open(string path, Func<string, IWeightFile> openShard)
    {
        var index = new ShardIndex();
        try
        {
            index.Add(path, ReadWeightMap(path), openShard);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var shard in shards)
            shard.Dispose();
    }

    private static Dictionary<string, string> ReadWeightMap(string path)
    {
        using var file = MappedFile.Open(path);
        if (file.Length > LongestIndex)
            throw new CheckpointException($"{path} is {file.Length:N0} bytes, too long for an index of weights.");
        try
        {
            // Parsing wants memory that can be kept; an index is small.
            using var json = JsonDocument.Parse(file.Bytes(0, (int)file.Length).ToArray(), Strict);
            if (
                json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object
            )
                throw new CheckpointException($"{path} has no weight_map, expected an object of tensors' names and their files.");
            return map.EnumerateObject()
                .ToDictionary(
                    item => item.Name,
                    item =>
                        item.Value.ValueKind == JsonValueKind.String
                            ? item.Value.GetString()!
                            : throw new CheckpointException(
                                $"{path}: the file of {Wording.Show(item.Name)} is {item.Value.ValueKind}, expected a string."
                            )
                );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: text that is not Unicode
        {
            throw new CheckpointException($"{path} is not the JSON of an index of weights: {e.Message}", e);
        }
    }

    private void Add(string path, Dictionary<string, string> weightMap, Func<string, IWeightFile> openShard)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        var faults = new List<string>();
        foreach (var (fileName, names) in weightMap.GroupBy(item => item.Value, item => item.Key).Select(g => (g.Key, g.ToHashSet())))
            if (!IsFileName(fileName))
                faults.Add($"{Wording.Show(fileName)} is not the plain name of a file beside the index");
            else if (!File.Exists(Path.Combine(folder, fileName)))
                faults.Add($"{Wording.Show(fileName)} is missing; it should hold {Wording.Count(names.Count, "tensor")}");
            else
                AddShard(openShard(Path.Combine(folder, fileName)), Wording.Show(fileName), names, faults);

        if (faults.Count > 0)
            throw new CheckpointException(
                $"{path}: {Wording.Count(faults.Count, "fault")} in the index or its files:\n  {string.Join("\n  ", faults)}\nDownload the files again, index and weights of one version."
            );
    }

    private void AddShard(IWeightFile shard, string fileName, HashSet<string> names, List<string> faults)
    {
        shards.Add(shard);
        faults.AddRange(names.Where(name => !shard.Stored.ContainsKey(name)).Select(name => $"{Wording.Show(name)} is not in {fileName}"));
        foreach (var (name, tensor) in shard.Stored)
            if (names.Contains(name))
                stored.Add(name, tensor);
            else
                faults.Add($"{Wording.Show(name)} is in {fileName}, where the index does not have it");
        foreach (var (key, value) in shard.Metadata)
            metadata.TryAdd(key, value);
    }

    // The index comes with the weights, from anywhere: it may name neighbours, nothing else.
    private static bool IsFileName(string name) =>
        name.Length > 0 && !name.Contains("..", StringComparison.Ordinal) && name != "." && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}
