using System.Net;
using XDistilTorch.Testing;

namespace XDistilTorch.Hub.Tests;

/// <summary>What a download leaves in the cache, and what it asks for.</summary>
public sealed class DownloadTests : CachedHub
{
    [Fact]
    public async Task A_model_is_laid_out_as_Python_lays_it_out()
    {
        var snapshot = await DownloadAsync();

        snapshot.Folder.Should().Be(Snapshot);
        snapshot.Commit.Should().Be(StandInHub.Commit);
        snapshot.Files.Select(file => file.Name).Should().BeEquivalentTo("config.json", "vocab.txt", "README.md", "model.safetensors");
        snapshot.Files.Should().OnlyContain(file => file.Fetched);
        File.ReadAllText(Path.Combine(Repository, "refs", "main")).Should().Be(StandInHub.Commit, "there is no line end");
        new FileInfo(Path.Combine(Snapshot, "model.safetensors")).LinkTarget.Should().Be($"../../blobs/{WeightsEtag}");
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
        File.ReadAllText(Path.Combine(Snapshot, "config.json")).Should().Be(Config);
        Directory.GetFiles(Path.Combine(Repository, "blobs")).Should().HaveCount(4).And.NotContain(file => file.EndsWith(".incomplete"));
        File.Exists(Path.Combine(Cache, ".locks", "models--acme--tiny-qa", $"{WeightsEtag}.lock")).Should().BeTrue();
    }

    [Fact]
    public async Task Git_s_hash_names_small_files()
    {
        Hub.Add("README.md", "");

        await DownloadAsync();

        // What `git hash-object` says of an empty file.
        File.Exists(Path.Combine(Repository, "blobs", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")).Should().BeTrue();
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again()
    {
        await DownloadAsync();
        var before = Hub.Requests.Count;

        var again = await DownloadAsync();

        again.Files.Should().HaveCount(4).And.OnlyContain(file => !file.Fetched);
        Hub.Requests.Skip(before)
            .Should()
            .ContainSingle("the list of files tells the commit")
            .Which.Path.Should()
            .StartWith("/api/models/");
    }

    [Fact]
    public async Task A_content_that_another_revision_has_is_linked_only()
    {
        await DownloadAsync();
        Directory.Delete(Snapshot, recursive: true);
        var before = Hub.Downloads;

        var again = await DownloadAsync();

        Hub.Downloads.Should().Be(before);
        again.Files.Should().OnlyContain(file => !file.Fetched);
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Theory]
    [InlineData("v1.0", "refs/v1.0")]
    [InlineData("refs/pr/1", "refs/refs/pr/1")]
    [InlineData(StandInHub.Commit, null)]
    public async Task Revisions_are_remembered_under_their_names(string revision, string? reference)
    {
        await DownloadAsync(model: new HubModel("acme/tiny-qa", revision));

        if (reference is null)
            Directory.Exists(Path.Combine(Repository, "refs")).Should().BeFalse("a commit stands for itself");
        else
            File.ReadAllText(Path.Combine(Repository, reference)).Should().Be(StandInHub.Commit);
        using var client = new HubClient(Options);
        client.Find(new HubModel("acme/tiny-qa", revision))!.Folder.Should().Be(Snapshot);
    }

    [Fact]
    public async Task Python_s_weights_are_taken_only_where_there_are_no_safetensors()
    {
        Hub.Remove("model.safetensors");

        var snapshot = await DownloadAsync();

        snapshot.Files.Select(file => file.Name).Should().Contain("pytorch_model.bin").And.NotContain("training_args.bin");
    }

    [Theory, InlineData("model.safetensors"), InlineData("pytorch_model.bin")]
    public async Task Weights_in_parts_come_with_their_index(string name)
    {
        Hub.Remove("model.safetensors");
        Hub.Remove("pytorch_model.bin");
        Hub.Add($"{name}.index.json", """{"weight_map": {"a": "part-1", "b": "part-2", "c": "part-1"}}""");
        Hub.Add("part-1", Numbers(200), isLarge: true);
        Hub.Add("part-2", Numbers(300), isLarge: true);

        var snapshot = await DownloadAsync();

        snapshot.Files.Select(file => file.Name).Should().Contain([$"{name}.index.json", "part-1", "part-2"]);
        File.ReadAllBytes(Path.Combine(Snapshot, "part-2")).Should().Equal(Numbers(300));
        using var client = new HubClient(Options);
        client.Find(Model).Should().NotBeNull();
        File.Delete(Path.Combine(Snapshot, "part-2"));
        client.Find(Model).Should().BeNull("a part is missing");
    }

    [Fact]
    public async Task Progress_counts_up_to_the_total()
    {
        var seen = new List<DownloadProgress>();

        var snapshot = await DownloadAsync(progress: new Recorder(seen));

        var total = snapshot.Files.Sum(file => file.Bytes);
        seen.Should().OnlyContain(each => each.TotalBytes == total && !each.IsWaiting);
        seen.Select(each => each.Bytes).Should().BeInAscendingOrder();
        seen[^1].Bytes.Should().Be(total);
        seen.Count(each => each.File == "model.safetensors").Should().BeGreaterThan(3);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_nowhere_else()
    {
        Hub.Token = "hf_of-a-test";

        await DownloadAsync(Options with { Token = "hf_of-a-test" });

        Hub.Requests.Where(request => request.Host == "hub")
            .Should()
            .OnlyContain(request => request.Authorization == "Bearer hf_of-a-test");
        Hub.Requests.Where(request => request.Host == "store")
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(request => request.Authorization == null);
        (Options with { Token = "hf_of-a-test" }).ToString().Should().NotContain("hf_of-a-test");
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_within_the_hub()
    {
        Hub.Fault = (_, context) =>
        {
            var path = context.Request.Path.Value!;
            if (!path.Contains("acme/old-name", StringComparison.Ordinal))
                return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = path.Replace("acme/old-name", "acme/tiny-qa", StringComparison.Ordinal);
            return Task.FromResult(true);
        };

        var snapshot = await DownloadAsync(Options with { Token = "hf_of-a-test" }, new HubModel("acme/old-name"));

        snapshot.Folder.Should().Contain("models--acme--old-name");
        Hub.Requests.Where(request => request.Host == "hub").Should().OnlyContain(request => request.Authorization != null);
    }

    [Fact]
    public async Task Two_at_once_fetch_each_content_once()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => DownloadAsync())));

        both.Select(snapshot => snapshot.Folder).Should().OnlyContain(folder => folder == Snapshot);
        Hub.Downloads.Should().Be(4, "there are four files");
        both.Sum(snapshot => snapshot.Files.Count(file => file.Fetched)).Should().Be(4);
    }

    [Fact]
    public async Task A_cancelled_download_ends_at_once_and_goes_on_later()
    {
        using var stop = new CancellationTokenSource();
        using var client = new HubClient(Options);
        var stopping = new Recorder(
            [],
            each =>
            {
                if (each.File == "model.safetensors" && each.Bytes > 300_000)
                    stop.Cancel();
            }
        );

        var cancelled = () => client.DownloadAsync(Model, stopping, stop.Token);

        await cancelled.Should().ThrowAsync<OperationCanceledException>();
        ShouldHaveNoWeights(unfinished: true);
        await DownloadAsync();
        Hub.Requests[^1].Range.Should().StartWith("bytes=").And.NotBe("bytes=0-");
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Fact]
    public async Task A_hub_below_a_path_is_a_hub_too()
    {
        Hub.Fault = (host, context) =>
        {
            if (host != "hub" || !context.Request.Path.StartsWithSegments("/mirror", out var rest))
                return Task.FromResult(false);
            context.Response.StatusCode = (int)HttpStatusCode.TemporaryRedirect;
            context.Response.Headers.Location = rest.Value;
            return Task.FromResult(true);
        };

        await DownloadAsync(Options with { Endpoint = new Uri(Hub.Endpoint, "/mirror/") });

        Hub.Requests[0].Path.Should().Be("/mirror/api/models/acme/tiny-qa/revision/main");
    }

    private sealed class Recorder(List<DownloadProgress> seen, Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            seen.Add(value);
            also?.Invoke(value);
        }
    }
}
