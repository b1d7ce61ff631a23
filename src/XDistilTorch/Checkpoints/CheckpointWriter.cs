using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace XDistilTorch.Checkpoints;

/// <summary>Writes the parameters of a module as safetensors, under their names in the module; Python's transformers reads the file.</summary>
public static class CheckpointWriter
{
    /// <summary>Writes all parameters, each in its own type; a failure leaves nothing behind (see <see cref="SafeTensors.Write"/>).</summary>
    /// <param name="module">Any module, on any device; not changed.</param>
    /// <param name="path">The file, by custom <c>model.safetensors</c>; its folder must exist. An existing file is replaced.</param>
    /// <param name="metadata">Notes for the file; <c>format: pt</c>, which Python's transformers asks for, is added unless it is there.</param>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">A parameter's type is not of the format.</exception>
    public static void Save(Module module, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        var notes = new OrderedDictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        notes.TryAdd("format", "pt");
        SafeTensors.Write(path, module.named_parameters().Select(p => KeyValuePair.Create(p.name, (Tensor)p.parameter)), notes);
    }
}
