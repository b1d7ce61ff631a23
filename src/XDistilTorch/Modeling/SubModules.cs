using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>Replacing a part of the model by the researcher's own.</summary>
internal static class SubModules
{
    /// <summary>
    /// Puts <paramref name="value"/> in the place of a sub-module, in the field and in the tree, so that its parameters take the checkpoint's names.
    /// The old one is not disposed: the caller may want to put it back.
    /// </summary>
    public static void Replace<T>(this nn.Module owner, string name, ref T field, T value)
        where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(value);
        owner.register_module(name, null!); // removes; registering a taken name throws
        owner.register_module(name, value);
        field = value;
    }
}
