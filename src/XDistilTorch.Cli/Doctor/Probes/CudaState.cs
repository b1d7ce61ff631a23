using System.Runtime.InteropServices;
using XDistilTorch.Native;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>What there is for computing on an NVIDIA device.</summary>
/// <param name="Backend">Whether this program brings TorchSharp's CUDA backend along.</param>
/// <param name="Driver">Whether NVIDIA's driver is on this machine.</param>
/// <param name="Devices">How many devices libtorch can use.</param>
internal sealed record CudaState(bool Backend, bool Driver, int Devices)
{
    public static CudaState OfThisMachine() =>
        new(
            TorchDevice.HasCudaBackend,
            File.Exists("/proc/driver/nvidia/version") || NativeLibrary.TryLoad("libcuda.so.1", out _),
            TorchDevice.CudaDeviceCount
        );
}
