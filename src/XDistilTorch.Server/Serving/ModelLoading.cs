using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace XDistilTorch.Server.Serving;

/// <summary>Loads the models while the server is up already, so that it can say that it is not ready. A model that cannot be loaded ends the server.</summary>
internal sealed class ModelLoading(
    ModelCatalog catalog,
    IOptions<ServingOptions> options,
    ServingState state,
    IHostApplicationLifetime lifetime,
    ILogger<ModelLoading> log
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(
            () =>
            {
                try
                {
                    foreach (var model in options.Value.Models)
                    {
                        stoppingToken.ThrowIfCancellationRequested();
                        Load(model);
                    }
                }
                catch (OperationCanceledException) { }
                catch (Exception e)
                {
                    state.Fail(e);
                    // A host that is stopped while it starts says only that it was cancelled.
                    lifetime.ApplicationStarted.Register(lifetime.StopApplication);
                }
            },
            CancellationToken.None
        );

    // A process that ends while libtorch loads a model may crash.
    public override void Dispose()
    {
        base.Dispose();
        ExecuteTask?.Wait();
    }

    private void Load(ServedModel model)
    {
        var start = Stopwatch.GetTimestamp();
        var host = catalog.Load(model);
        log.LogInformation(
            "model {Model} from {Folder} answers, engine {Engine} ({Reason}), loaded in {Seconds:0.0} s",
            model.Name,
            model.Folder,
            host.Answerer.EngineChoice.Kind.ToString().ToLowerInvariant(),
            host.Answerer.EngineChoice.Reason,
            Stopwatch.GetElapsedTime(start).TotalSeconds
        );
    }
}
