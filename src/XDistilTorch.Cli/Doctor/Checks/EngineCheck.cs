using XDistilTorch.Engines;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Which engine computes, and why.</summary>
/// <param name="choose">What is chosen where this one is asked for.</param>
/// <param name="onCpu">Whether the CPU was asked for.</param>
internal sealed class EngineCheck(Func<EngineKind, EngineChoice> choose, bool onCpu) : ICheck
{
    public string Name => "engine";

    public IReadOnlyList<string> Needs => [CheckNames.LibTorch, CheckNames.Weights];

    public Finding Run()
    {
        var choice = choose(EngineKind.Auto);
        var found = $"{choice.Kind.ToString().ToLowerInvariant()}: {choice.Reason}";
        if (choice.Kind == EngineKind.Eager)
            return onCpu
                ? Finding.Warning(
                    found,
                    "Answers are right, but slower. The packed engine needs a processor with AVX2 and a model in fp32 with gelu whose hidden size is a multiple of 16."
                )
                : Finding.Ok(found);
        return Finding.Ok(choose(EngineKind.Int8).IsAsAsked ? $"{found}; --engine int8 can be had" : found);
    }
}
