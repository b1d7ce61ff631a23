namespace XDistilTorch.Checkpoints;

/// <summary>A parameter that was loaded from a tensor of another name.</summary>
/// <param name="Found">The name in the file.</param>
/// <param name="Parameter">The name in the module.</param>
public sealed record RenamedTensor(string Found, string Parameter);

/// <summary>A tensor of the file that no parameter wants.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Note">What it is, and why it is not needed.</param>
public sealed record IgnoredTensor(string Name, string Note);

/// <summary>A parameter whose numbers were converted on the way.</summary>
/// <param name="Parameter">The name in the module.</param>
/// <param name="From">The type in the file.</param>
/// <param name="To">The type of the parameter.</param>
public sealed record ConvertedTensor(string Parameter, DType From, DType To);

/// <summary>What a load did: nothing that was understood, left out or converted goes unsaid.</summary>
public sealed class LoadReport
{
    internal LoadReport(string path) => Path = path;

    /// <summary>The file, or index of files, that was loaded.</summary>
    public string Path { get; }

    /// <summary>The parameters that were loaded, by their names in the module.</summary>
    public IReadOnlyList<string> Loaded { get; internal init; } = [];

    /// <summary>Those whose file uses the names of before 2019: <c>LayerNorm.gamma</c> and <c>beta</c> for weight and bias.</summary>
    public IReadOnlyList<RenamedTensor> OldNames { get; internal init; } = [];

    /// <summary>Those whose file leaves out the <c>bert.</c> that begins their names.</summary>
    public IReadOnlyList<RenamedTensor> PrefixAdded { get; internal init; } = [];

    /// <summary>Tensors of the file that are known and not needed.</summary>
    public IReadOnlyList<IgnoredTensor> Ignored { get; internal init; } = [];

    /// <summary>Parameters whose numbers were converted to the parameter's type.</summary>
    public IReadOnlyList<ConvertedTensor> Converted { get; internal init; } = [];

    /// <summary>Parameters that were allowed to be missing, are missing, and are left as they were.</summary>
    public IReadOnlyList<string> Missing { get; internal init; } = [];

    /// <summary>All that a reader may want to know, a sentence each; empty when every tensor was loaded as it was.</summary>
    public IReadOnlyList<string> Notes => [.. WriteNotes()];

    private IEnumerable<string> WriteNotes()
    {
        foreach (var kind in Converted.GroupBy(tensor => (tensor.From, tensor.To)))
            yield return $"{Wording.Count(kind.Count(), "tensor")} converted from {kind.Key.From.FileName()} to {kind.Key.To.FileName()}";
        if (OldNames.Count > 0)
            yield return $"{Wording.Count(OldNames.Count, "old name")} understood, such as {Wording.Show(OldNames[0].Found)}";
        if (PrefixAdded.Count > 0)
            yield return $"{Wording.Count(PrefixAdded.Count, "name")} without their prefix understood, such as {Wording.Show(PrefixAdded[0].Found)}";
        foreach (var tensor in Ignored)
            yield return $"{Wording.Show(tensor.Name)} ignored: {tensor.Note}";
        if (Missing.Count > 0)
            yield return $"not in the file, left as initialised: {string.Join(", ", Missing)}";
    }
}
