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

        var plan = new LoadPlan(module, checkpoint, options ?? new LoadOptions());
        plan.ThrowOnFaults();
        foreach (var copy in plan.Copies)
            copy.Source.Verify();

        foreach (var copy in plan.Copies)
            copy.Source.CopyInto(copy.Parameter);
        return plan.Report();
    }
}
