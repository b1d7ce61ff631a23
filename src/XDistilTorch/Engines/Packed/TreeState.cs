using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// What a tree looked like when a snapshot was taken: which tensors it has and how often they were written. torch counts every operation that writes into a tensor
/// (an optimiser's step, <c>copy_</c>, an assignment to an element), also without gradients; only writes through a raw pointer are not seen.
/// </summary>
internal sealed class TreeState : IEquatable<TreeState>
{
    // Some modules make a new object for a parameter whenever they are asked, so that only its storage tells which one it is.
    private readonly (nint Address, long Version)[] parameters;

    private TreeState((nint, long)[] parameters) => this.parameters = parameters;

    /// <exception cref="NotPackableException">A tensor's writes are not counted, or its numbers do not lie in their order.</exception>
    public static TreeState Of(TreeParts parts)
    {
        using var scope = NewDisposeScope();
        return new TreeState([.. parts.Parameters().Select(parameter => (Address(parameter), Version(parameter)))]);
    }

    private static unsafe nint Address(Tensor parameter)
    {
        if (!parameter.is_contiguous())
            throw new NotPackableException("a parameter's numbers do not lie in their order");
        fixed (byte* first = parameter.bytes)
            return (nint)first;
    }

    private static long Version(Tensor parameter) =>
        TensorShim.Version(parameter) ?? throw new NotPackableException("how often a parameter was written is not known"); // put there meanwhile, and made in inference mode

    public bool Equals(TreeState? other) => other is not null && parameters.AsSpan().SequenceEqual(other.parameters);

    public override bool Equals(object? obj) => Equals(obj as TreeState);

    public override int GetHashCode() => parameters.Length;
}
