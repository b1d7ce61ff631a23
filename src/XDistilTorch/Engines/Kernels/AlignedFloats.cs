using System.Runtime.InteropServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>Zeroed native memory that begins on a cache line; freed with the object at the latest.</summary>
internal sealed unsafe class AlignedFloats : SafeHandle
{
    private const nuint CacheLine = 64;

    /// <summary>Takes memory for that many floats.</summary>
    public AlignedFloats(long count)
        : base(0, ownsHandle: true)
    {
        var bytes = (nuint)Math.Max(1, count) * sizeof(float);
        SetHandle((nint)NativeMemory.AlignedAlloc(bytes, CacheLine));
        NativeMemory.Clear((void*)handle, bytes);
    }

    public float* Pointer => (float*)handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
