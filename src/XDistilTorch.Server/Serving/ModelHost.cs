using XDistilTorch.Engines;
using XDistilTorch.Server.Batching;
using XDistilTorch.Server.Observing;

namespace XDistilTorch.Server.Serving;

/// <summary>A loaded model that has proved that it answers, and the way to its engine.</summary>
internal sealed class ModelHost : IDisposable
{
    private const string SelfTestQuestion = "Who repaired the clock?";
    private const string SelfTestText = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";

    private ModelHost(string name, QuestionAnswerer answerer, WindowQueue queue) => (Name, Answerer, Queue) = (name, answerer, queue);

    public string Name { get; }

    public QuestionAnswerer Answerer { get; }

    public WindowQueue Queue { get; }

    /// <summary>Inspections of this model: they run through the module tree, one at a time.</summary>
    public SemaphoreSlim Inspecting { get; } = new(1);

    /// <summary>Loads a model and asks it a question, which also prepares its engine.</summary>
    /// <exception cref="XDistilException">It cannot be loaded, or its numbers are none.</exception>
    public static ModelHost Load(ServedModel model, ServingOptions options, ServerMetrics metrics)
    {
        var answerer = QuestionAnswerer.FromPretrained(model.Folder, options.Loading);
        try
        {
            answerer.Settle(options.Answers); // defaults that do not fit the model are the operator's to hear of, not the clients'
            answerer.Answer(SelfTestQuestion, SelfTestText);
            return new ModelHost(model.Name, answerer, new WindowQueue(answerer, Workers(options.Loading, answerer.EngineChoice), metrics));
        }
        catch
        {
            answerer.Dispose();
            throw;
        }
    }

    private static int Workers(LoadingOptions loading, EngineChoice engine) =>
        engine.Kind == EngineKind.Eager ? 1 : loading.Workers ?? Environment.ProcessorCount;

    public void Dispose()
    {
        Queue.Dispose();
        Answerer.Dispose();
        Inspecting.Dispose();
    }
}
