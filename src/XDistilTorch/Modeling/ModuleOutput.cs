using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>What a module gives, where it may have been replaced by somebody's own.</summary>
internal static class ModuleOutput
{
    /// <exception cref="InvalidOperationException">The tensor has another shape.</exception>
    public static void Check(Tensor output, string module, long batch, long length, long width)
    {
        if (output.shape is not [var b, var s, var w] || b != batch || s != length || w != width)
            throw new InvalidOperationException(
                $"{module} gives [{string.Join(", ", output.shape)}], expected [{batch}, {length}, {width}]: a replaced module must keep the shape."
            );
    }
}
