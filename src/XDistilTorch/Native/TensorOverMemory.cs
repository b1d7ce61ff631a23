using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace XDistilTorch.Native;

/// <summary>
/// A tensor whose elements lie in memory that somebody else owns: nothing is copied, and nothing is freed with it.
/// TorchSharp itself makes tensors only over managed arrays; its native library can do more.
/// </summary>
internal static unsafe partial class TensorOverMemory
{
    /// <summary>A contiguous CPU tensor over memory that has to stay valid, and unwritten if it is read-only, as long as the tensor lives.</summary>
    /// <param name="address">The first element; need not be aligned.</param>
    /// <param name="shape">The sizes; their product times the size of <paramref name="dtype"/> is what will be read.</param>
    /// <param name="dtype">The type of the elements.</param>
    public static Tensor Create(nint address, ReadOnlySpan<long> shape, ScalarType dtype)
    {
        TorchRuntime.EnsureLoaded();
        fixed (long* sizes = shape)
        {
            // An empty span is a null pointer, which the library takes for no sizes: a scalar.
            var handle = NewTensor(address, &KeepMemory, sizes, shape.Length, (sbyte)dtype, (sbyte)dtype, 0, 0, requiresGrad: 0);
            if (handle == 0)
                CheckForErrors();
            return Tensor.UnsafeCreateTensor(handle);
        }
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_new")]
    private static partial nint NewTensor(
        nint data,
        delegate* unmanaged[Cdecl]<nint, void> deleter,
        long* sizes,
        int dimensions,
        sbyte elementType,
        sbyte dtype,
        int deviceType,
        int deviceIndex,
        byte requiresGrad
    );

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void KeepMemory(nint data) { }
}
