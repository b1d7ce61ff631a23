using System.Diagnostics;
using System.Text.Json;
using XDistilTorch.Testing;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil model download</c> and <c>--model ORG/NAME</c>, whole processes against a stand-in hub.</summary>
public sealed class ModelDownloadCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IAsyncLifetime
{
    private readonly string home = Directory.CreateTempSubdirectory("xdistil-hub-").FullName;
    private StandInHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await StandInHub.StartAsync();
        hub.AddFolder(model.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    private Task<ProcessRun> Run(bool offline, params string[] arguments) =>
        ProcessRun.Of(
            BuiltTool.Path,
            arguments,
            home,
            null,
            ("HF_HOME", home),
            ("HF_HUB_CACHE", null),
            ("HF_TOKEN", "hf_of-a-test"),
            ("HF_ENDPOINT", hub.Endpoint.ToString()),
            ("HF_HUB_OFFLINE", offline ? "1" : null)
        );

    private static string[] Ask(string name) =>
        ["ask", "--model", name, "--question", "who repaired the clock?", "--context", "the clock was repaired by osei", "--json"];

    [Fact]
    public async Task A_downloaded_model_answers_as_the_folder_it_came_from()
    {
        var expected = await Run(false, Ask(model.Path));

        var run = await Run(false, "model", "download", "acme/tiny-qa");

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Be($"{Path.Combine(home, "hub", "models--acme--tiny-qa", "snapshots", StandInHub.Commit)}\n");
        run.Error.Should().MatchRegex(@"^xdistil: acme/tiny-qa: 4 files of commit 0123456789ab, 4 of them fetched now, [\d,]+ bytes\.\n$");
        foreach (
            var ask in new[]
            {
                await Run(true, Ask("acme/tiny-qa")),
                await Run(false, Ask("acme/tiny-qa@main")),
                await Run(true, Ask(run.Output.TrimEnd())),
            }
        )
        {
            ask.ExitCode.Should().Be(0, ask.Error);
            ask.Output.Should().Be(expected.Output);
            ask.Error.Should().Be(expected.Error);
        }
        hub.Downloads.Should().Be(4);
        hub.Requests.Where(request => request.Host == "store").Should().OnlyContain(request => request.Authorization == null);
    }

    [Fact]
    public async Task A_model_that_is_named_is_downloaded_when_it_is_needed()
    {
        var run = await Run(false, Ask("acme/tiny-qa@v1.0"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("xdistil: acme/tiny-qa@v1.0: no folder here and not in the cache; asking 127.0.0.1:");
        using var record = JsonDocument.Parse(run.Output);
        record.RootElement.GetProperty("question").GetString().Should().Be("who repaired the clock?");
    }

    [Fact]
    public async Task Two_processes_at_once_fetch_each_file_once()
    {
        var both = await Task.WhenAll(Run(false, "model", "download", "acme/tiny-qa"), Run(false, "model", "download", "acme/tiny-qa"));

        both.Should().OnlyContain(run => run.ExitCode == 0 && run.Output == both[0].Output);
        hub.Downloads.Should().Be(4);
    }

    [Theory, InlineData("KILL", 137), InlineData("INT", 130)]
    public async Task A_process_that_ends_midway_leaves_a_part_that_the_next_one_completes(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill");
        const int Sent = 10_000;
        var content = File.ReadAllBytes(model.File("model.safetensors"));
        hub.Fault = async (host, context) =>
        {
            if (host != "store")
                return false;
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content.AsMemory(0, Sent));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var start = new ProcessStartInfo(BuiltTool.Path, ["model", "download", "acme/tiny-qa"]) { RedirectStandardError = true };
        (start.Environment["HF_HOME"], start.Environment["HF_ENDPOINT"]) = (home, hub.Endpoint.ToString());
        using var process = Process.Start(start)!;
        await WaitForPart(process, Sent);

        (await ProcessRun.Of("kill", [$"-{signal}", $"{process.Id}"])).ExitCode.Should().Be(0);

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.Should().Be(exitCode);
        (await Run(true, Ask("acme/tiny-qa"))).Error.Should().Contain("does not have this revision");
        hub.Fault = null;
        (await Run(false, "model", "download", "acme/tiny-qa")).ExitCode.Should().Be(0);
        hub.Requests[^1].Range.Should().Be($"bytes={Sent}-");
        (await Run(true, Ask("acme/tiny-qa"))).ExitCode.Should().Be(0);
    }

    private async Task WaitForPart(Process process, int length)
    {
        while (!process.HasExited && !Parts().Any(file => file.Length == length))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        process.HasExited.Should().BeFalse();
    }

    private IEnumerable<FileInfo> Parts() => new DirectoryInfo(home).EnumerateFiles("*.incomplete", SearchOption.AllDirectories);

    [Fact]
    public async Task A_folder_of_that_name_wins()
    {
        Directory.CreateDirectory(Path.Combine(home, "acme", "tiny-qa"));

        var run = await Run(false, Ask("acme/tiny-qa"));

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("acme/tiny-qa/config.json: there is no such file");
        hub.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task The_doctor_looks_into_the_cache_and_downloads_nothing()
    {
        var run = await Run(false, "doctor", "--model", "acme/tiny-qa");

        run.ExitCode.Should().Be(1);
        run.Output.Should().Contain("acme/tiny-qa, and no such model in the hub cache. `xdistil model download acme/tiny-qa` fetches it.");
        hub.Requests.Should().BeEmpty();

        (await Run(false, "model", "download", "acme/tiny-qa")).ExitCode.Should().Be(0);
        (await Run(true, "doctor", "--model", "acme/tiny-qa")).Output.Should().MatchRegex("ok +weights +.*snapshots");
    }

    [Fact]
    public async Task A_served_model_of_the_hub_has_its_name()
    {
        await using var server = await ServeProcess.Start(
            "acme/tiny-qa",
            ("HF_HOME", home),
            ("HF_HUB_CACHE", Path.Combine(home, "hub")),
            ("HF_TOKEN", "hf_of-a-test"),
            ("HF_ENDPOINT", hub.Endpoint.ToString()),
            ("HF_HUB_OFFLINE", "")
        );

        using var models = await server.Http.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        (await models.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Contain("\"acme/tiny-qa\"");
    }

    [Fact]
    public async Task Machines_get_the_files()
    {
        var run = await Run(false, "model", "download", "acme/tiny-qa", "--revision", "v1.0", "--json");

        run.ExitCode.Should().Be(0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("revision").GetString().Should().Be("v1.0");
        json.RootElement.GetProperty("commit").GetString().Should().Be(StandInHub.Commit);
        json.RootElement.GetProperty("files")
            .EnumerateArray()
            .Select(file => file.GetProperty("fetched").GetBoolean())
            .Should()
            .Equal(true, true, true, true);
    }

    [Fact]
    public async Task What_cannot_be_had_names_both_possibilities()
    {
        var offline = await Run(true, Ask("acme/tiny-qa"));
        offline.ExitCode.Should().Be(1);
        offline
            .Error.Should()
            .Match(
                "xdistil: --model: there is no folder acme/tiny-qa, and no model of the hub could be had: *does not have this model*HF_HUB_OFFLINE*\n"
            );
        var absent = await Run(false, Ask("acme/other"));
        absent.ExitCode.Should().Be(1);
        absent.Error.Should().Match("*--model: there is no folder acme/other, and*there is no such model (404 Not Found).\n");
        var download = await Run(false, "model", "download", "acme/tiny-qa", "--revision", "v9");
        download.ExitCode.Should().Be(1);
        download.Error.Should().Match("xdistil: acme/tiny-qa on 127.0.0.1:*: has no revision v9 (404 Not Found).\n");
    }

    [Theory]
    [InlineData("*\"a b\" is no name of a model*", "a b")]
    [InlineData("*\"..\" is no revision*", "a/b", "--revision", "..")]
    [InlineData("*a/b@v1 has a revision, and --revision says another one*", "a/b@v1", "--revision", "v2")]
    [InlineData("*--revision is empty*", "a/b", "--revision", "")]
    public async Task Wrong_usage_is_told(string message, params string[] arguments) =>
        (await CommandRun.Of(["model", "download", .. arguments])).ShouldFail(2, message);

    [Fact]
    public async Task An_address_that_is_none_is_told() =>
        (await CommandRun.Of("model", "download", "a/b", "--endpoint", "nowhere")).ShouldFail(
            1,
            "xdistil: --endpoint is \"nowhere\", expected the address*"
        );
}
