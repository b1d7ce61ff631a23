using System.Runtime.Intrinsics.X86;
using XDistilTorch.Engines.Packed;

namespace XDistilTorch.Bench;

/// <summary>What a figure has to be quoted with.</summary>
internal static class Machine
{
    public static string Describe()
    {
        const string Info = "/proc/cpuinfo";
        var name = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var features =
            (
                Avx512F.IsSupported ? "AVX-512"
                : Avx2.IsSupported ? "AVX2"
                : "no AVX2"
            )
            + ", "
            + Int8Support.Description;
        return $"{name ?? "unknown processor"} ({features}), {Environment.ProcessorCount} cores, {TorchSharp.torch.get_num_threads()} torch threads";
    }
}
