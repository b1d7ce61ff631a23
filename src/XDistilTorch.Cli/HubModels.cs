using System.Globalization;
using XDistilTorch.Hub;

namespace XDistilTorch.Cli;

/// <summary>Models of the hub, for commands: from the cache, or downloaded while a person can see how far that is.</summary>
internal static class HubModels
{
    /// <summary>The folder of a model that the cache has, else of one that is downloaded now.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The option that names it.</param>
    /// <param name="terminal">Is told of a download; null: nothing is downloaded.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="XDistilException">It cannot be had.</exception>
    public static string Folder(HubModel model, string source, Terminal? terminal, CancellationToken cancellation)
    {
        try
        {
            var options = HubOptions.FromEnvironment();
            using var client = new HubClient(options);
            if (client.Find(model) is { } cached)
                return cached.Folder;
            if (terminal is null)
                throw new XDistilException(
                    $"{source}: there is no folder {model}, and no such model in the hub cache. `xdistil model download {model}` fetches it."
                );
            if (!options.Offline)
                terminal.Tell($"{model}: no folder here and not in the cache; asking {options.Endpoint.Authority} for it.");
            return Download(client, model, terminal, cancellation).Folder;
        }
        catch (HubException e)
        {
            throw new XDistilException($"{source}: there is no folder {model}, and no model of the hub could be had: {e.Message}", e);
        }
    }

    /// <summary>Downloads what the cache does not have, with progress on the error stream.</summary>
    /// <exception cref="HubException">It cannot be had.</exception>
    public static HubSnapshot Download(HubClient client, HubModel model, Terminal terminal, CancellationToken cancellation)
    {
        HubSnapshot? snapshot = null;
        var total = 0L;
        ProgressDisplay.During(
            terminal,
            0,
            () => total == 0 ? null : total,
            display =>
            {
                var shown = new Shown(display, bytes => total = bytes);
                snapshot = client.DownloadAsync(model, shown, cancellation).GetAwaiter().GetResult();
            }
        );
        return snapshot!;
    }

    // Not Progress<T>: that would report from other threads, out of order.
    private sealed class Shown(ProgressDisplay display, Action<long> total) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            total(value.TotalBytes);
            display.Report(value.Bytes, _ => Text(value));
        }

        private static string Text(DownloadProgress value) =>
            value.IsWaiting
                ? $"{value.File}: waiting for another process that downloads it"
                : string.Create(CultureInfo.InvariantCulture, $"{value.File}: {value.Bytes / 1e6:N1} of {value.TotalBytes / 1e6:N1} MB");
    }
}
