using System.Security.Cryptography;

namespace XDistilTorch.Prediction;

/// <summary>What files are known by.</summary>
public static class FileHash
{
    // What answers depend on, whatever else lies in a model folder.
    private static readonly string[] ModelFiles =
    [
        "config.json",
        "vocab.txt",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "model.safetensors.index.json",
        "pytorch_model.bin.index.json",
    ];

    /// <summary>The SHA-256 of a file, 64 hexadecimal digits.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    public static string OfFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 1 << 17,
                FileOptions.SequentialScan
            );
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// The SHA-256 of a model folder: of the names and hashes of its config, vocabulary and weights, in the order of the names. The calibration is not among
    /// them: a run's settings hold what was taken from it.
    /// </summary>
    /// <exception cref="DataException">A file cannot be read.</exception>
    public static string OfModel(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var files = Directory.GetFiles(folder).Where(path => IsOfModel(Path.GetFileName(path))).Order(StringComparer.Ordinal);
        var lines = string.Concat(files.Select(path => $"{OfFile(path)}  {Path.GetFileName(path)}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(lines)));
    }

    private static bool IsOfModel(string name) =>
        ModelFiles.Contains(name)
        || name.EndsWith(".safetensors", StringComparison.Ordinal)
        || (name.StartsWith("pytorch_model", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal));
}
