using XDistilTorch.Testing;

namespace XDistilTorch.Hub.Tests;

/// <summary>A stand-in hub with a small model, and an empty cache.</summary>
public abstract class CachedHub : IAsyncLifetime
{
    protected const string Config = """{"model_type": "bert"}""";

    /// <summary>Long enough to come in several pieces.</summary>
    protected static byte[] Weights { get; } = Numbers(700_000);

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-hub-").FullName;

    private protected StandInHub Hub { get; private set; } = null!;

    protected string WeightsEtag { get; private set; } = "";

    protected string Cache => Path.Combine(folder, "hub");

    protected string Repository => Path.Combine(Cache, "models--acme--tiny-qa");

    protected string Snapshot => Path.Combine(Repository, "snapshots", StandInHub.Commit);

    protected HubOptions Options =>
        new()
        {
            CacheFolder = Cache,
            Endpoint = Hub.Endpoint,
            Retries = 2,
            FirstDelay = TimeSpan.FromMilliseconds(5),
            LongestSilence = TimeSpan.FromSeconds(20),
        };

    protected static HubModel Model { get; } = new("acme/tiny-qa");

    public async ValueTask InitializeAsync()
    {
        Hub = await StandInHub.StartAsync();
        Hub.Add("config.json", Config);
        Hub.Add("vocab.txt", "[PAD]\n[UNK]\n");
        Hub.Add("README.md", "# A model\n");
        Hub.Add("training_args.bin", [1, 2, 3], isLarge: true);
        Hub.Add("pytorch_model.bin", Numbers(100), isLarge: true);
        WeightsEtag = Hub.Add("model.safetensors", Weights, isLarge: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static byte[] Numbers(int count)
    {
        var numbers = new byte[count];
        new Random(count).NextBytes(numbers);
        return numbers;
    }

    protected async Task<HubSnapshot> DownloadAsync(
        HubOptions? options = null,
        HubModel? model = null,
        IProgress<DownloadProgress>? progress = null
    )
    {
        using var client = new HubClient(options ?? Options);
        return await client.DownloadAsync(model ?? Model, progress, TestContext.Current.CancellationToken);
    }

    protected async Task ShouldFailAsync(string message, HubOptions? options = null, HubModel? model = null)
    {
        var failing = () => DownloadAsync(options, model);
        (await failing.Should().ThrowAsync<HubException>()).WithMessage(message);
    }

    /// <summary>Nothing half or wrong may be where somebody would take it for the model.</summary>
    protected void ShouldHaveNoWeights(bool unfinished)
    {
        File.Exists(Path.Combine(Repository, "blobs", WeightsEtag)).Should().BeFalse();
        Path.Exists(Path.Combine(Snapshot, "model.safetensors")).Should().BeFalse();
        File.Exists(Path.Combine(Repository, "refs", "main")).Should().BeFalse();
        File.Exists(Incomplete).Should().Be(unfinished);
        using var client = new HubClient(Options);
        client.Find(Model).Should().BeNull();
    }

    protected string Incomplete => Path.Combine(Repository, "blobs", $"{WeightsEtag}.incomplete");
}
