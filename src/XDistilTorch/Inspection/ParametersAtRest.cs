using TorchSharp.Modules;
using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection;

/// <summary>
/// While it lives, the model's parameters want no gradient: a backward pass computes none for them, and what they have gathered stays as it is. Afterwards
/// they want what they wanted before.
/// </summary>
/// <remarks>
/// The wish is the model's, not the thread's. So one thread at a time may hold it, others that ask for the same model wait; forward passes on other threads
/// go on undisturbed, but nobody may train the model meanwhile.
/// </remarks>
internal sealed class ParametersAtRest : IDisposable
{
    private readonly BertForQuestionAnswering model;
    private readonly List<Parameter> woken;

    public ParametersAtRest(BertForQuestionAnswering model)
    {
        this.model = model;
        Monitor.Enter(model);
        woken = [.. model.parameters().Where(parameter => parameter.requires_grad)];
        foreach (var parameter in woken)
            parameter.requires_grad = false;
    }

    public void Dispose()
    {
        foreach (var parameter in woken)
            parameter.requires_grad = true;
        Monitor.Exit(model);
    }
}
