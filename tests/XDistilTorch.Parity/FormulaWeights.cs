using System.Security.Cryptography;
using System.Text.Json;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Parity;

/// <summary>
/// The full shape with weights from a formula (README of the reference values, "Weights of full/"): no file of 130 MB, and every bit known.
/// </summary>
internal static class FormulaWeights
{
    public static readonly BertConfig Config = new()
    {
        HiddenSize = 384,
        NumHiddenLayers = 12,
        NumAttentionHeads = 12,
        IntermediateSize = 1536,
    };

    public static BertForQuestionAnswering Model()
    {
        var model = BertForQuestionAnswering.Uninitialized(Config);
        using var description = Description();
        (string Ending, float Scale)[] scales =
        [
            .. description
                .RootElement.GetProperty("scales_first_match_by_name_ending")
                .EnumerateArray()
                .Select(s => (s[0].GetString()!, s[1].GetSingle())),
        ];
        var named = model.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).ToList();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Parallel.For(0, named.Count, t => named[t].parameter.bytes = Values(named[t].name, t, named[t].parameter.numel(), scales));
        model.eval();
        return model;
    }

    private static byte[] Values(string name, int t, long count, (string Ending, float Scale)[] scales)
    {
        var scale = scales.First(s => name.EndsWith(s.Ending, StringComparison.Ordinal)).Scale;
        var shift = name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1f : 0f;
        var values = new byte[count * sizeof(float)];
        for (uint i = 0; i < count; i++)
        {
            var w = (Hash(t, i) >> 8) * (1f / (1 << 24)) - 0.5f;
            BitConverter.TryWriteBytes(values.AsSpan((int)i * sizeof(float)), w * scale + shift);
        }
        return values;
    }

    private static uint Hash(int t, uint i)
    {
        unchecked
        {
            var h = i + (uint)t * 0x9E3779B9u;
            h ^= h >> 16;
            h *= 0x85EBCA6B;
            h ^= h >> 13;
            h *= 0xC2B2AE35;
            return h ^ (h >> 16);
        }
    }

    /// <summary>SHA-256 of a parameter's values as little-endian float32.</summary>
    public static string Sha256(Tensor parameter) => Convert.ToHexStringLower(SHA256.HashData(parameter.detach().bytes.ToArray()));

    public static JsonDocument Description() => JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require("model/full/tensors.json")));
}
