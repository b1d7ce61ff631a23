using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>The activation functions that a BERT config may name, by the reference's names.</summary>
public static class Activation
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new(StringComparer.Ordinal)
    {
        ["gelu"] = x => nn.functional.gelu(x),
        ["gelu_python"] = x => nn.functional.gelu(x),
        ["gelu_new"] = GeluTanh,
        ["gelu_fast"] = GeluTanh,
        ["gelu_pytorch_tanh"] = GeluTanh,
        ["relu"] = x => nn.functional.relu(x),
        ["silu"] = x => nn.functional.silu(x),
        ["swish"] = x => nn.functional.silu(x),
        ["tanh"] = x => x.tanh(),
    };

    /// <summary>The names that are understood.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>The function of that name, elementwise; null for an unknown name.</summary>
    public static Func<Tensor, Tensor>? Find(string name) => Functions.GetValueOrDefault(name);

    private static Tensor GeluTanh(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh, false);
}
