using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// A model as it was when a snapshot was taken, to see before every run whether it is still so. Reading it wholly takes as long as a third of a short window; whether
/// it has changed is seen in a tenth of that.
/// </summary>
internal sealed class WatchedTree : IDisposable
{
    private readonly BertForQuestionAnswering model;
    private readonly nn.Module[] modules;
    private readonly TreeState state;

    // Keep the parameters' storage alive: none that comes later has the address of one that was there, and address and number of writes are how a change is seen.
    private readonly Tensor[] aliases;

    /// <exception cref="NotPackableException">The model is not one that a snapshot can be taken of.</exception>
    public WatchedTree(BertForQuestionAnswering model)
    {
        this.model = model;
        Parts = TreeReader.Read(model);
        state = TreeState.Of(Parts);
        modules = [model, .. model.named_modules().Select(named => named.module)];
        aliases = [.. Parts.Parameters().Select(parameter => parameter.detach().DetachFromDisposeScope())];
    }

    public TreeParts Parts { get; }

    /// <summary>Whether nothing has changed since.</summary>
    public bool IsAsItWas()
    {
        try
        {
            return TreeReader.Find(model).Modules().SequenceEqual(Parts.Modules())
                && !Array.Exists(modules, ModuleActivity.IsActive)
                && TreeState.Of(Parts).Equals(state);
        }
        catch (NotPackableException)
        {
            return false; // a whole reading says why
        }
    }

    public void Dispose()
    {
        foreach (var alias in aliases)
            alias.Dispose();
    }
}
