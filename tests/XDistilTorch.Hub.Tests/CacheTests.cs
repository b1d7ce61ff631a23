using System.Diagnostics;
using XDistilTorch.Testing;

namespace XDistilTorch.Hub.Tests;

/// <summary>The cache as others leave it: Python's client, processes that were killed, people with links of their own.</summary>
public sealed class CacheTests : CachedHub
{
    /// <summary>As huggingface_hub makes it: contents under their etags, relative links, a reference without line end, names that are known not to exist.</summary>
    private void MakeAsPython()
    {
        foreach (var folder in new[] { "blobs", "refs", $"snapshots/{StandInHub.Commit}", $".no_exist/{StandInHub.Commit}" })
            Directory.CreateDirectory(Path.Combine(Repository, folder));
        File.WriteAllText(Path.Combine(Repository, "refs", "main"), StandInHub.Commit);
        File.WriteAllText(Path.Combine(Repository, ".no_exist", StandInHub.Commit, "adapter_config.json"), "");
        foreach (
            var (name, etag, content) in new[]
            {
                ("config.json", "a8f6bb58ddb30c48b1a3d5dd4bd35d84e2a8d9cf", System.Text.Encoding.UTF8.GetBytes(Config)),
                ("vocab.txt", "b8f6bb58ddb30c48b1a3d5dd4bd35d84e2a8d9cf", "[PAD]\n"u8.ToArray()),
                ("model.safetensors", WeightsEtag, Weights),
            }
        )
        {
            File.WriteAllBytes(Path.Combine(Repository, "blobs", etag), content);
            File.CreateSymbolicLink(Path.Combine(Snapshot, name), $"../../blobs/{etag}");
        }
    }

    [Fact]
    public async Task A_cache_that_Python_made_is_used_without_fetching_what_it_has()
    {
        MakeAsPython();

        var snapshot = await DownloadAsync();

        snapshot.Files.Where(file => file.Fetched).Select(file => file.Name).Should().Equal("README.md");
        Hub.Requests.Select(request => request.Method).Should().Equal("GET", "HEAD", "GET");
        Hub.Requests.Should().NotContain(request => request.Host == "store");
    }

    [Fact]
    public async Task Offline_the_cache_answers_alone()
    {
        MakeAsPython();

        var snapshot = await DownloadAsync(Options with { Offline = true });

        snapshot.Folder.Should().Be(Snapshot);
        snapshot.Files.Select(file => (file.Name, file.Bytes)).Should().Contain(("model.safetensors", Weights.Length));
        Hub.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Offline_what_is_missing_is_named()
    {
        await ShouldFailAsync(
            "acme/tiny-qa: the cache * does not have this model, and the hub is not asked*",
            Options with
            {
                Offline = true,
            }
        );
        MakeAsPython();
        await ShouldFailAsync(
            "acme/tiny-qa@v1.0: the cache * does not have this revision*",
            Options with
            {
                Offline = true,
            },
            new HubModel("acme/tiny-qa", "v1.0")
        );
        File.Delete(Path.Combine(Repository, "blobs", WeightsEtag));
        File.Delete(Path.Combine(Snapshot, "vocab.txt"));
        await ShouldFailAsync(
            $"acme/tiny-qa: the cache * lacks tokenizer.json or vocab.txt, weights of commit {StandInHub.Commit}*",
            Options with
            {
                Offline = true,
            }
        );
    }

    [Fact]
    public async Task A_link_whose_content_was_removed_is_made_whole_again()
    {
        await DownloadAsync();
        File.Delete(Path.Combine(Repository, "blobs", WeightsEtag));

        var again = await DownloadAsync();

        again.Files.Single(file => file.Fetched).Name.Should().Be("model.safetensors");
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Fact]
    public async Task Copies_in_place_of_links_are_taken_too()
    {
        await DownloadAsync();
        foreach (var file in Directory.GetFiles(Snapshot))
        {
            var content = File.ReadAllBytes(file);
            File.Delete(file);
            File.WriteAllBytes(file, content);
        }
        using var client = new HubClient(Options);

        client.Find(Model)!.Files.Should().HaveCount(4);
    }

    [Theory]
    [InlineData("../../../../outside")]
    [InlineData("/etc/hostname")]
    public async Task A_link_out_of_the_cache_is_refused(string target)
    {
        MakeAsPython();
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(Cache)!, "outside"), "secret");
        File.Delete(Path.Combine(Snapshot, "config.json"));
        File.CreateSymbolicLink(Path.Combine(Snapshot, "config.json"), target);

        await ShouldFailAsync("*config.json: is a link to *, expected one into the cache*");
        await ShouldFailAsync("*config.json: is a link to *, expected one into the cache*", Options with { Offline = true });
    }

    [Fact]
    public async Task A_reference_that_is_no_commit_is_refused()
    {
        MakeAsPython();
        File.WriteAllText(Path.Combine(Repository, "refs", "main"), "../../../../etc");

        await ShouldFailAsync("*refs/main: holds no commit*", Options with { Offline = true });
    }

    [Fact]
    public async Task The_lock_is_the_one_that_Python_takes()
    {
        var flock = new[] { "/usr/bin/flock", "/bin/flock" }.FirstOrDefault(File.Exists);
        Assert.SkipUnless(flock is not null, "needs flock of util-linux, the system call that Python's filelock uses");
        var path = Path.Combine(Cache, ".locks", "models--acme--tiny-qa", $"{WeightsEtag}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var other = Process.Start(
            new ProcessStartInfo(flock, [path, "cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true }
        )!;
        await other.StandardInput.WriteLineAsync("held");
        await other.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken); // cat runs: the lock is held
        var waiting = new TaskCompletionSource();

        var download = DownloadAsync(progress: new Watcher(() => waiting.TrySetResult()));
        (await Task.WhenAny(waiting.Task, download)).Should().Be(waiting.Task, "another process holds the lock");
        Hub.Requests.Should().NotContain(request => request.Host == "store", "another process is at it");
        other.StandardInput.Close();
        var snapshot = await download;

        snapshot.Files.Should().Contain(file => file.Name == "model.safetensors" && file.Fetched);
    }

    private sealed class Watcher(Action waiting) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.IsWaiting)
                waiting();
        }
    }
}
