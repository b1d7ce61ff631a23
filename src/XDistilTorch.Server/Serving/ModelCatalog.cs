using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using XDistilTorch.Server.Observing;

namespace XDistilTorch.Server.Serving;

/// <summary>The served models by name; each is there once it has answered a question.</summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly ServingOptions options;
    private readonly ServerMetrics metrics;
    private readonly ConcurrentDictionary<string, ModelHost> loaded = new(StringComparer.Ordinal);

    public ModelCatalog(IOptions<ServingOptions> options, ServerMetrics metrics)
    {
        (this.options, this.metrics) = (options.Value, metrics);
        metrics.Watch(
            "xdistil.queue.requests",
            "{request}",
            "Requests that wait for the engine",
            () => loaded.Values.Sum(host => host.Queue.Waiting)
        );
    }

    /// <summary>The names, in the order of the options.</summary>
    public IEnumerable<string> Names => options.Models.Select(model => model.Name);

    /// <summary>Whether every model answers.</summary>
    public bool IsReady => loaded.Count == options.Models.Count;

    /// <summary>Those that answer.</summary>
    public IEnumerable<ModelHost> Loaded => loaded.Values;

    /// <summary>Loads a model, which takes a while.</summary>
    public ModelHost Load(ServedModel model) => loaded[model.Name] = ModelHost.Load(model, options, metrics);

    /// <summary>The model of a name; null: the first.</summary>
    /// <exception cref="ProblemException">There is none of this name, or it is not ready.</exception>
    public ModelHost Find(string? name)
    {
        name ??= options.Models[0].Name;
        if (loaded.TryGetValue(name, out var host))
            return host;
        throw new ProblemException(
            Names.Contains(name)
                ? Problem.Unready($"the model {name} is being loaded. Try again soon.")
                : new Problem(
                    404,
                    "no-such-model",
                    "There is no such model",
                    $"no model of that name is served here, expected {string.Join(" or ", Names)}."
                )
        );
    }

    public void Dispose()
    {
        foreach (var host in loaded.Values)
            host.Dispose();
    }
}
