namespace XDistilTorch.Cli.Doctor;

/// <summary>What a check found.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Found">What is there, for people.</param>
/// <param name="Remedy">What to do; null where there is nothing to do.</param>
internal sealed record Finding(CheckState State, string Found, string? Remedy = null)
{
    public static Finding Ok(string found) => new(CheckState.Ok, found);

    public static Finding Warning(string found, string remedy) => new(CheckState.Warning, found, remedy);

    public static Finding Failed(string found, string remedy) => new(CheckState.Failed, found, remedy);

    public static Finding Skipped(string found) => new(CheckState.Skipped, found);
}
