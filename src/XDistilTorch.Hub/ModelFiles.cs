using System.Text.Json;

namespace XDistilTorch.Hub;

/// <summary>Which files of a repository make a model: settings, vocabulary, card, and the weights in one form.</summary>
internal static class ModelFiles
{
    private const string Config = "config.json",
        IndexEnd = ".index.json";

    private const int LongestIndex = 32 << 20;

    private static readonly string[] Vocabularies = ["tokenizer.json", "vocab.txt"];

    private static readonly string[] Beside =
    [
        Config,
        .. Vocabularies,
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "calibration.json",
        "README.md",
    ];

    // The best first: safetensors hold numbers only, and need no unpickler.
    private static readonly string[] Weights =
    [
        "model.safetensors",
        $"model.safetensors{IndexEnd}",
        "pytorch_model.bin",
        $"pytorch_model.bin{IndexEnd}",
    ];

    /// <summary>Whether a file tells in which files the weights are.</summary>
    public static bool IsIndex(string name) => name.EndsWith(IndexEnd, StringComparison.Ordinal);

    /// <summary>Those of a repository's files that are fetched, without the parts of weights, which the index names.</summary>
    /// <exception cref="HubException">It is no repository of a model.</exception>
    public static IReadOnlyList<string> Wanted(IReadOnlyCollection<string> found, HubModel model)
    {
        if (!found.Contains(Config))
            throw new HubException($"{model}: has no {Config}; this is no model of Hugging Face's transformers. It has {Some(found)}.");
        var weights =
            Weights.FirstOrDefault(found.Contains)
            ?? throw new HubException(
                $"{model}: has no weights that can be read: looked for {string.Join(", ", Weights)}; it has {Some(found)}."
            );
        return [.. Beside.Where(found.Contains), weights];
    }

    /// <summary>The files that an index names.</summary>
    /// <param name="index">The index.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <exception cref="HubException">It is no index, or names what is no plain file beside it.</exception>
    public static IReadOnlyList<string> Parts(FileInfo index, string shown)
    {
        if (index.Length > LongestIndex)
            throw new HubException($"{shown}: is {index.Length:N0} bytes, too long for an index of weights.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index.FullName));
            string[] names =
            [
                .. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(part => part.Value.GetString() ?? "").Distinct(),
            ];
            return Array.Find(names, name => !IsPlain(name)) is { } odd
                ? throw new HubException($"{shown}: names the file \"{odd}\", expected plain names of files beside it.")
                : names;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new HubException($"{shown}: is no index of weights: {e.Message}", e);
        }
    }

    /// <summary>What a snapshot lacks to be loaded; empty: nothing.</summary>
    /// <param name="entry">The file of a name in the snapshot, null where there is none.</param>
    public static IReadOnlyList<string> Missing(Func<string, FileInfo?> entry)
    {
        var missing = new List<string>();
        if (entry(Config) is null)
            missing.Add(Config);
        if (Vocabularies.All(name => entry(name) is null))
            missing.Add(string.Join(" or ", Vocabularies));
        var weights = Array.Find(Weights, name => entry(name) is not null);
        if (weights is null)
            missing.Add("weights");
        else if (IsIndex(weights))
            missing.AddRange(Parts(entry(weights)!, weights).Where(part => entry(part) is null));
        return missing;
    }

    /// <summary>The files of a whole snapshot that make the model.</summary>
    public static IReadOnlyList<string> Present(Func<string, FileInfo?> entry)
    {
        var weights = Array.Find(Weights, name => entry(name) is not null)!;
        return [.. Beside.Where(name => entry(name) is not null), weights, .. IsIndex(weights) ? Parts(entry(weights)!, weights) : []];
    }

    // The names come from anywhere, and become names of files here.
    private static bool IsPlain(string name) =>
        name is { Length: > 0 and <= 200 } and not ("." or "..")
        && !name.Any(c => c is '/' or '\\' or ':' || char.IsControl(c) || char.IsSurrogate(c));

    private static string Some(IReadOnlyCollection<string> found) =>
        found.Count == 0 ? "no files" : string.Join(", ", found.Order(StringComparer.Ordinal).Take(8)) + (found.Count > 8 ? ", ..." : "");
}
