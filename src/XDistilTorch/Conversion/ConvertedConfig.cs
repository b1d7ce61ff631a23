using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;

namespace XDistilTorch.Conversion;

/// <summary>The <c>config.json</c> of converted weights: every field as it was, but the one that names the weights' type.</summary>
internal static class ConvertedConfig
{
    // The older name is still the one that most folders have.
    private const string Field = "dtype",
        OlderField = "torch_dtype";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = ReadableJsonEncoder.Instance,
    };

    /// <exception cref="ConfigException">It is no JSON object.</exception>
    public static byte[] Of(string path, torch.ScalarType? type)
    {
        var content = File.ReadAllBytes(path);
        if (type is not { } changed)
            return content;
        try
        {
            var config = JsonNode.Parse(content, documentOptions: Strict)!.AsObject();
            foreach (var field in new[] { Field, OlderField })
                if (config.ContainsKey(field) || (field == Field && !config.ContainsKey(OlderField)))
                    config[field] = StorageCast.NameOf(changed);
            return [.. JsonSerializer.SerializeToUtf8Bytes(config, Layout), (byte)'\n'];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ConfigException($"{path}: is no JSON object of settings: {e.Message}", e);
        }
    }
}
