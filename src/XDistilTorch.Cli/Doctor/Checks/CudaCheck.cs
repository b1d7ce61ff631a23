using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Whether the model can compute on an NVIDIA device; nothing is wrong where nobody wants that.</summary>
internal sealed class CudaCheck(Func<CudaState> state) : ICheck
{
    public string Name => "CUDA";

    public IReadOnlyList<string> Needs => [CheckNames.LibTorch];

    public Finding Run() =>
        state() switch
        {
            { Backend: true, Devices: > 0 and var devices } => Finding.Ok($"{Counted.Of(devices, "device")}: --device cuda"),
            { Backend: true, Driver: false } => Finding.Warning(
                "this build has the CUDA backend, but this machine no NVIDIA driver",
                "Install the driver, or build without -p:TorchBackend=cuda, which is 2 GB smaller."
            ),
            { Backend: true } => Finding.Warning(
                "this build has the CUDA backend and this machine NVIDIA's driver, but libtorch finds no device it can use",
                "See whether nvidia-smi lists a device, whether the container was given it (docker run --gpus all), and whether the driver is new enough."
            ),
            { Driver: true } => Finding.Warning(
                "this machine has NVIDIA's driver, but this build the CPU backend only",
                "To compute there, build the tool with -p:TorchBackend=cuda; nothing to do where the CPU is what you want."
            ),
            _ => Finding.Ok("neither backend nor driver: the CPU computes"),
        };
}
