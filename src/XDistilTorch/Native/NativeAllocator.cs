using System.Runtime.InteropServices;

namespace XDistilTorch.Native;

/// <summary>How the C library hands out the memory that tensors are made of.</summary>
public static partial class NativeAllocator
{
    // From glibc's malloc.h.
    private const int TrimThreshold = -1,
        MapThreshold = -3,
        MostArenas = -8;

    private const int Kept = 256 << 20,
        LargestMapThreshold = 32 << 20; // more is refused

    /// <summary>
    /// Tells glibc to keep freed memory for the next forward pass, in one place for all threads. For a program whose work is the model: call it first, before
    /// other threads allocate. Does nothing on systems without glibc.
    /// </summary>
    /// <remarks>
    /// glibc otherwise gives each thread heaps of its own of at most 64 MiB, and gives a heap back as soon as it is empty. A pass allocates and frees some
    /// hundred MiB, so a thread may lose and regain its heaps in every layer: up to a tenth of the time goes into page faults. The price: the process holds up to
    /// 256 MiB that it does not need at the moment.
    /// </remarks>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetMallocOption(MostArenas, 1);
            _ = SetMallocOption(TrimThreshold, Kept);
            // Setting one threshold ends the automatic growth of the other, which would stay at 128 KiB: each tensor a mapping of its own.
            _ = SetMallocOption(MapThreshold, LargestMapThreshold);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which has its own ways.
        }
        catch (DllNotFoundException) { }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);
}
