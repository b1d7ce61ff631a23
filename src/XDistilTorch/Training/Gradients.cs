using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>The gradients of a model's parameters, taken as one vector.</summary>
internal static class Gradients
{
    /// <summary>Shortens the vector to a length if it is longer, as <c>clip_grad_norm_</c> does.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="most">The longest that it may be; 0 or infinity: as long as it is.</param>
    /// <returns>The length before.</returns>
    public static double Clip(IEnumerable<Parameter> parameters, double most)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        if (gradients.Length == 0)
            return 0;
        var norm = FusedKernels.Norm(gradients);
        if (most > 0 && double.IsFinite(most))
            FusedKernels.Scale(gradients, tensor((float)most, device: norm.device).div(norm.add(1e-6)).clamp(max: 1));
        return norm.ToDouble();
    }
}
