using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Testing;

/// <summary>The tensors of one safetensors file of reference values, grouped into cases by the part of the name before the first slash.</summary>
internal sealed class GoldenTensors : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> tensors;

    private GoldenTensors(IReadOnlyDictionary<string, Tensor> tensors) => this.tensors = tensors;

    /// <summary>Reads the file, or skips the running test where it is absent.</summary>
    public static GoldenTensors Require(string relative) => new(SafeTensors.Read(GoldenFolder.Require(relative)));

    /// <summary>The names of all tensors in a file; none where it is absent.</summary>
    public static IEnumerable<string> Names(string relative)
    {
        if (!GoldenFolder.Has(relative))
            return [];
        using var file = SafeTensors.Open(GoldenFolder.At(relative));
        return [.. file.Tensors.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of the cases in a file; none where it is absent.</summary>
    public static TheoryData<string> Cases(string relative) => [.. Names(relative).Select(n => n.Split('/')[0]).Distinct()];

    public Tensor this[string name] => tensors[name];

    public bool Has(string name) => tensors.ContainsKey(name);

    public IEnumerable<string> Keys => tensors.Keys;

    /// <summary>The model input of a case: ids, mask and token types.</summary>
    public BertInput Input(string name) =>
        new()
        {
            InputIds = this[$"{name}/input_ids"],
            AttentionMask = Has($"{name}/attention_mask") ? this[$"{name}/attention_mask"] : null,
            TokenTypeIds = this[$"{name}/token_type_ids"],
        };

    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
    }
}
