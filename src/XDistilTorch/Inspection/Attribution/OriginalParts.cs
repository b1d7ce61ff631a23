using TorchSharp;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>Parts of the model that a measure must know from inside.</summary>
internal static class OriginalParts
{
    /// <exception cref="InspectionException">The part was replaced.</exception>
    public static T Of<T>(torch.nn.Module module, string path)
        where T : torch.nn.Module =>
        module as T
        ?? throw new InspectionException(
            $"{path} was replaced by {module.GetType().Name}, expected {typeof(T).Name}, whose inside this measure knows. Choose another measure."
        );
}
