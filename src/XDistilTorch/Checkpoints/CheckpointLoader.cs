using static TorchSharp.torch.nn;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// Fills the parameters of a module from a checkpoint. The module says what is expected: its parameters' names (the object tree is the
/// checkpoint's tree) and shapes. Nothing is broadcast; names of old files are understood; see <see cref="LoadReport"/>.
/// </summary>
public static class CheckpointLoader
{
    /// <summary>Loads all parameters, or, if anything does not fit, none.</summary>
    /// <param name="module">Any module, on any device. Its parameters keep their type, their device and whether they want gradients.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="options">What may be left open; default: nothing.</param>
    /// <returns>What was loaded, understood, left out and converted.</returns>
    /// <exception cref="CheckpointException">
    /// Tensors are missing, surplus, of another shape or type, two stand for one parameter, or the data is damaged;
    /// the message names every one of them, and the module is as it was.
    /// </exception>
    public static LoadReport Load(Module module, Checkpoint checkpoint, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(checkpoint);

        var parameters = module.named_parameters().ToList();
        var sources = Find(
            parameters.Select(named => new ExpectedTensor(named.name, named.parameter.shape, named.parameter.dtype)),
            checkpoint,
            options,
            out var report
        );
        foreach (var (name, parameter) in parameters)
            if (sources.TryGetValue(name, out var source))
                source.CopyInto(parameter);
        return report;
    }

    /// <summary>As <see cref="Load"/>, but only says where the numbers of each parameter lie; they are sound, and stay in the file.</summary>
    /// <exception cref="CheckpointException">As of <see cref="Load"/>.</exception>
    internal static IReadOnlyDictionary<string, StoredTensor> Find(
        IEnumerable<ExpectedTensor> expected,
        Checkpoint checkpoint,
        LoadOptions? options,
        out LoadReport report
    )
    {
        var plan = new LoadPlan(expected, checkpoint, options ?? new LoadOptions());
        plan.ThrowOnFaults();
        report = plan.Report();
        return plan.Sources;
    }
}
