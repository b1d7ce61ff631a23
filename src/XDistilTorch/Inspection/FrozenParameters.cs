using TorchSharp.Modules;
using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection;

/// <summary>
/// A model whose parameters want no gradient for a while: a backward pass then goes to the activations only, and leaves nothing at the parameters. The model must not be
/// trained, or looked at by gradients, on another thread meanwhile.
/// </summary>
internal sealed class FrozenParameters : IDisposable
{
    private readonly List<Parameter> thawed;

    public FrozenParameters(BertForQuestionAnswering model)
    {
        thawed = [.. model.parameters().Where(parameter => parameter.requires_grad)];
        foreach (var parameter in thawed)
            parameter.requires_grad = false;
    }

    public void Dispose()
    {
        foreach (var parameter in thawed)
            parameter.requires_grad = true;
    }
}
