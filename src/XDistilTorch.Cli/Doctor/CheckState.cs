namespace XDistilTorch.Cli.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, but slower or with less than it could.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Failed,

    /// <summary>Not looked at, as what it needs has failed.</summary>
    Skipped,
}
