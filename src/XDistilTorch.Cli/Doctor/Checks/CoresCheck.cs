using System.Globalization;
using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>How many cores there are, and how many of them this process gets.</summary>
internal sealed class CoresCheck(Func<CoreState> cores) : ICheck
{
    public string Name => "cores";

    public Finding Run()
    {
        var state = cores();
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Usable} usable of {state.All}{(state.Limit is { } limit ? $", the control group allows {limit:0.##}" : "")}"
        );
        if (state.Limit < 1)
            return Finding.Warning(
                found,
                "Less than one core: everything takes longer. Allow more (docker run --cpus, a pod's resources.limits.cpu)."
            );
        if (state.OmpThreads is null)
            return Finding.Ok(found);
        found += $", OMP_NUM_THREADS={state.OmpThreads}";
        return int.TryParse(state.OmpThreads, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads > state.Usable
            ? Finding.Warning(
                found,
                $"More threads than cores slow libtorch down: unset OMP_NUM_THREADS, or set it to {state.Usable} or less."
            )
            : Finding.Ok(found);
    }
}
