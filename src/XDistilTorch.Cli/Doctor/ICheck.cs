namespace XDistilTorch.Cli.Doctor;

/// <summary>One thing that an installation needs.</summary>
internal interface ICheck
{
    /// <summary>What is looked at, a word or two.</summary>
    string Name { get; }

    /// <summary>The names of checks that have to go well before this one can be made.</summary>
    IReadOnlyList<string> Needs => [];

    /// <summary>Looks.</summary>
    Finding Run();
}
