using XDistilTorch.Engines;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>What the processor has for the engines.</summary>
internal sealed class ProcessorCheck(Func<ProcessorFeatures> features, Func<string?> name) : ICheck
{
    public string Name => "processor";

    public Finding Run()
    {
        var has = features();
        string[] instructions = [.. new[] { has.Avx2 ? "AVX2" : null, has.Avx512 ? "AVX-512" : null, has.Vnni }.OfType<string>()];
        var found = $"{name() ?? "of unknown name"}: {(instructions.Length == 0 ? "no AVX2" : string.Join(", ", instructions))}";
        return has.Avx2
            ? Finding.Ok(has.Vnni is null ? $"{found}; no VNNI: int8 is slower than it could be" : found)
            : Finding.Warning(
                found,
                "Answers are right, but slower: the packed engine needs AVX2. In a virtual machine, hand the host's processor through."
            );
    }
}
