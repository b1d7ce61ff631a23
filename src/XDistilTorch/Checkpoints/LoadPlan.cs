using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>Which tensor is for which parameter, and everything that speaks against it; made before anything is changed.</summary>
internal sealed class LoadPlan
{
    private readonly Checkpoint checkpoint;
    private readonly LoadOptions options;
    private readonly OrderedDictionary<string, ExpectedTensor> parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredTensor> sources = new(StringComparer.Ordinal);

    private readonly List<string> misfits = [];
    private readonly List<string> surplus = [];
    private readonly List<string> missing = [];

    private readonly List<string> allowedMissing = [];
    private readonly List<RenamedTensor> oldNames = [];
    private readonly List<RenamedTensor> prefixAdded = [];
    private readonly List<IgnoredTensor> ignored = [];
    private readonly List<ConvertedTensor> converted = [];

    public LoadPlan(IEnumerable<ExpectedTensor> expected, Checkpoint checkpoint, LoadOptions options)
    {
        this.checkpoint = checkpoint;
        this.options = options;
        foreach (var parameter in expected)
            parameters.Add(parameter.Name, parameter);

        foreach (var (name, tensor) in checkpoint.Stored)
            Place(name, tensor);
        foreach (var parameter in parameters.Values)
            Compare(parameter);
    }

    /// <summary>Where the numbers of each parameter come from, by its name; those that may be missing may be.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Sources => sources;

    /// <summary>Throws if anything does not fit, or is damaged.</summary>
    /// <exception cref="CheckpointException">The message names all that does not fit.</exception>
    public void ThrowOnFaults()
    {
        string[] faults = [.. misfits, .. missing, .. surplus];
        if (faults.Length == 0)
        {
            foreach (var source in sources.Values)
                source.Verify();
            return;
        }
        throw new CheckpointException(
            $"{checkpoint.Path}: {faults.Length} {(faults.Length == 1 ? "tensor does" : "tensors do")} not fit {options.ShapedBy}:\n  "
                + string.Join("\n  ", faults)
                + "\nThe weights and the settings may belong to different models; take both from the same checkpoint."
        );
    }

    public LoadReport Report() =>
        new(checkpoint.Path)
        {
            Loaded = [.. parameters.Keys.Where(sources.ContainsKey)],
            OldNames = oldNames,
            PrefixAdded = prefixAdded,
            Ignored = ignored,
            Converted = converted,
            Missing = allowedMissing,
        };

    private void Place(string found, StoredTensor tensor)
    {
        var name = TensorNames.ParameterFor(found, parameters.ContainsKey);
        if (name is null)
        {
            if (TensorNames.WhyNotNeeded(found) is { } note)
                ignored.Add(new(found, note));
            else
                surplus.Add($"{Wording.Show(found)} {Wording.Show(tensor.Entry.Shape)} is not expected");
            return;
        }
        if (!sources.TryAdd(name, tensor))
        {
            surplus.Add($"{Wording.Show(sources[name].Entry.Name)} and {Wording.Show(found)} both stand for {name}");
            return;
        }
        if (name == found)
            return;
        var modern = TensorNames.Modern(found);
        if (modern != found)
            oldNames.Add(new(found, name));
        if (modern != name)
            prefixAdded.Add(new(found, name));
    }

    private void Compare(ExpectedTensor parameter)
    {
        var name = parameter.Name;
        if (!sources.TryGetValue(name, out var source))
        {
            if (options.MayBeMissing.Any(part => name == part || name.StartsWith(part + ".", StringComparison.Ordinal)))
                allowedMissing.Add(name);
            else
                missing.Add($"{name} is missing");
            return;
        }
        var shape = parameter.Shape;
        if (!source.Entry.Shape.SequenceEqual(shape))
            misfits.Add($"{Name(name, source)} is {Wording.Show(source.Entry.Shape)}, expected {Wording.Show(shape)}");
        else
            CompareTypes(name, source, parameter.Type);
    }

    private void CompareTypes(string name, StoredTensor source, ScalarType type)
    {
        var found = source.Entry.DType;
        var known = DTypes.TryFrom(type, out var expected);
        if (known && found == expected)
            return;
        if (known && found.IsFloat() && expected.IsFloat() && !options.RequireSameDType)
            converted.Add(new(name, found, expected));
        else
            misfits.Add($"{Name(name, source)} is of type {found.FileName()}, expected {(known ? expected.FileName() : type.ToString())}");
    }

    // The parameter's name; where the file's is another one, both.
    private static string Name(string name, StoredTensor source) =>
        source.Entry.Name == name ? name : $"{name} (there {Wording.Show(source.Entry.Name)})";
}
