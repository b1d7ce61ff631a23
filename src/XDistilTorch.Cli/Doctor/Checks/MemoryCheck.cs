using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Whether the model fits into the memory that is free.</summary>
/// <param name="free">Bytes that this process can still get.</param>
/// <param name="parameters">The numbers of the model.</param>
internal sealed class MemoryCheck(Func<long> free, Func<long> parameters) : ICheck
{
    // Run time, libtorch and the windows of one question; the model as modules and packed, in fp32 both. The bundled one was seen to take 500 MB.
    private const long Fixed = 250_000_000,
        BytesPerParameter = 2 * sizeof(float);

    public string Name => "memory";

    public IReadOnlyList<string> Needs => [CheckNames.Weights];

    public Finding Run()
    {
        var (has, needs) = (free(), Fixed + BytesPerParameter * parameters());
        var found = $"{ByteSize.Of(has)} free, about {ByteSize.Of(needs)} needed to answer with this model";
        return has >= needs
            ? Finding.Ok(found)
            : Finding.Failed(
                found,
                "The system would end the process: end other programs, or allow the container more (docker run --memory)."
            );
    }
}
