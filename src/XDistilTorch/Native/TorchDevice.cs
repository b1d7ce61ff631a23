using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace XDistilTorch.Native;

/// <summary>Where the model computes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or <c>auto</c> (CUDA where there is one, else the CPU).</summary>
public static class TorchDevice
{
    /// <summary>Whether this program brings TorchSharp's CUDA backend along; says nothing of a driver or a device.</summary>
    public static bool HasCudaBackend => NativeLibrary.TryLoad("torch_cuda", typeof(torch).Assembly, null, out _);

    /// <summary>How many CUDA devices can be used here.</summary>
    /// <exception cref="TorchLoadException">libtorch cannot be loaded.</exception>
    public static int CudaDeviceCount
    {
        get
        {
            TorchRuntime.EnsureLoaded();
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
    }

    /// <summary>The device of that name, ready for use.</summary>
    /// <exception cref="DeviceException">The name is unknown, or the device is not to be had here.</exception>
    /// <exception cref="TorchLoadException">libtorch cannot be loaded.</exception>
    public static torch.Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TorchRuntime.EnsureLoaded();
        if (name == "cpu")
            return torch.CPU;
        if (name == "auto")
            return torch.cuda.is_available() ? new torch.Device(DeviceType.CUDA, 0) : torch.CPU;
        var index = 0;
        if (
            name != "cuda"
            && !(
                name.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            )
        )
            throw new DeviceException($"device '{name}' is unknown, expected cpu, cuda, cuda:N or auto.");
        return Cuda(name, index);
    }

    private static torch.Device Cuda(string name, int index)
    {
        if (!torch.cuda.is_available())
            throw new DeviceException(
                HasCudaBackend
                    ? $"device '{name}': this build has the CUDA backend, but no NVIDIA driver or device was found. Install the driver, or take --device cpu."
                    : $"device '{name}': this build has TorchSharp's CPU backend only. Build with -p:TorchBackend=cuda on a machine with an NVIDIA driver, or take --device cpu."
            );
        var count = torch.cuda.device_count();
        if (index >= count)
            throw new DeviceException($"device '{name}': this machine has {count} CUDA device(s), numbered from 0.");
        return new torch.Device(DeviceType.CUDA, index);
    }
}
