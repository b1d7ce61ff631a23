using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using XDistilTorch.Testing;

namespace XDistilTorch.Hub.Tests;

/// <summary>Servers and networks that fail, or lie.</summary>
public sealed class FaultTests : CachedHub
{
    private int times;

    /// <summary>Lets the store, or the hub, fail so many times.</summary>
    private void Fail(string host, int count, Func<HttpContext, Task> how, string? path = null) =>
        Hub.Fault = async (name, context) =>
        {
            if (name != host || path is not null && !context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal) || times >= count)
                return false;
            times++;
            await how(context);
            return true;
        };

    private static Func<HttpContext, Task> Status(int status, params (string Name, string Value)[] headers) =>
        context =>
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            return Task.CompletedTask;
        };

    private static async Task SendAndCut(HttpContext context, int from, int count, int? announced = null)
    {
        context.Response.ContentLength = announced ?? Weights.Length - from;
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{Weights.Length - 1}/{Weights.Length}";
        }
        await context.Response.Body.WriteAsync(Weights.AsMemory(from, count));
        await context.Response.Body.FlushAsync();
        await Task.Delay(50); // what is sent is to arrive before the cut
        context.Abort();
    }

    private static int From(HttpContext context) => (int)(context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0);

    [Theory, InlineData("hub", 500), InlineData("hub", 503), InlineData("store", 502), InlineData("store", 429), InlineData("hub", 408)]
    public async Task A_server_s_bad_moment_is_waited_out(string host, int status)
    {
        Fail(host, 2, Status(status));

        await DownloadAsync();

        times.Should().Be(2);
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Fact]
    public async Task A_server_that_stays_broken_is_given_up_and_named()
    {
        Fail("hub", int.MaxValue, Status(503));

        await ShouldFailAsync("acme/tiny-qa on 127.0.0.1:*: the server answers 503 Service Unavailable. Tried 3 times; try again later*");

        times.Should().Be(3);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_is_obeyed()
    {
        Fail("hub", 1, Status(429, ("Retry-After", "1")));
        var started = Stopwatch.GetTimestamp();

        await DownloadAsync();

        Stopwatch.GetElapsedTime(started).Should().BeGreaterThan(TimeSpan.FromSeconds(0.95));
    }

    [Fact]
    public async Task A_server_that_asks_for_too_much_patience_is_not_waited_for()
    {
        Fail("hub", int.MaxValue, Status(429, ("Retry-After", "3600")));

        await ShouldFailAsync("*429 Too Many Requests. It asks to wait 3600 seconds; try again later*");

        times.Should().Be(1);
    }

    [Theory]
    [InlineData(401, null, "acme/tiny-qa on *: there is no such model, or it is not public (401 Unauthorized). *HF_TOKEN*")]
    [InlineData(403, null, "acme/tiny-qa on *: access is refused (403 Forbidden). *accept conditions*")]
    [InlineData(404, null, "acme/tiny-qa on *: there is no such model (404 Not Found).")]
    [InlineData(404, "RevisionNotFound", "acme/tiny-qa on *: has no revision main (404 Not Found).")]
    [InlineData(418, null, "*418*not expected.")]
    public async Task A_refusal_is_final_and_says_what_to_do(int status, string? code, string message)
    {
        Fail("hub", int.MaxValue, code is null ? Status(status) : Status(status, ("X-Error-Code", code)));

        await ShouldFailAsync(message);

        times.Should().Be(1, "it would be the same again");
    }

    [Fact]
    public async Task A_token_that_does_not_help_is_told_and_not_shown()
    {
        Hub.Token = "hf_another";

        await ShouldFailAsync(
            "*whether the token (HF_TOKEN, or the file HF_HOME/token) may read it.",
            Options with
            {
                Token = "hf_of-a-test",
            }
        );
    }

    [Fact]
    public async Task A_listed_file_that_is_not_there_is_named()
    {
        Hub.AlsoListed.Add("tokenizer.json");

        await ShouldFailAsync("acme/tiny-qa on *: has no file tokenizer.json (404 Not Found).");
    }

    [Fact]
    public async Task A_cut_connection_is_taken_up_where_it_was_cut()
    {
        Fail("store", 2, context => SendAndCut(context, From(context), 200_000));

        await DownloadAsync();

        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
        var ranges = Hub.Requests.Where(request => request.Host == "store").Select(request => request.Range).ToList();
        ranges.Should().HaveCount(3);
        ranges[0].Should().BeNull();
        ranges.Skip(1).Should().OnlyContain(range => range != null && range.StartsWith("bytes=") && range.EndsWith('-'));
    }

    [Fact]
    public async Task A_line_that_is_cut_again_and_again_leaves_what_came()
    {
        Fail("store", int.MaxValue, context => SendAndCut(context, From(context), 100_000));

        await ShouldFailAsync("*/model.safetensors: the connection failed: *Tried 3 times*a download goes on where it stopped.");

        ShouldHaveNoWeights(unfinished: true);
        new FileInfo(Incomplete).Length.Should().BeInRange(100_000, 300_000);
        Hub.Fault = null;
        await DownloadAsync();
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Fact]
    public async Task A_bad_line_that_gets_on_is_not_given_up()
    {
        var large = Numbers(60 << 20);
        Hub.Add("model.safetensors", large, isLarge: true);
        Fail(
            "store",
            2,
            async context =>
            {
                var from = From(context);
                context.Response.StatusCode = from > 0 ? 206 : 200;
                if (from > 0)
                    context.Response.Headers.ContentRange = $"bytes {from}-{large.Length - 1}/{large.Length}";
                context.Response.ContentLength = large.Length - from;
                await context.Response.Body.WriteAsync(large.AsMemory(from, 24 << 20));
                await Task.Delay(300); // what is sent is to arrive before the cut
                context.Abort();
            }
        );

        await DownloadAsync(Options with { Retries = 0 });

        times.Should().Be(2);
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).AsSpan().SequenceEqual(large).Should().BeTrue();
    }

    [Fact]
    public async Task An_end_that_comes_early_is_a_cut_too()
    {
        Fail(
            "store",
            1,
            async context =>
            {
                context.Response.Headers.TransferEncoding = "chunked"; // no length: nothing tells but the hub's size
                var chunk = Weights.AsMemory(0, 1000);
                await context.Response.Body.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
                await context.Response.Body.WriteAsync(chunk);
                await context.Response.Body.WriteAsync("\r\n0\r\n\r\n"u8.ToArray());
            }
        );

        await DownloadAsync();

        Hub.Requests[^1].Range.Should().Be("bytes=1000-");
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_all_again()
    {
        Fail(
            "store",
            2,
            context =>
                times == 1 ? SendAndCut(context, 0, 200_000)
                : From(context) == 0 ? Task.CompletedTask
                : SendAll(context)
        );

        await DownloadAsync();

        times.Should().Be(2);
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    private static Task SendAll(HttpContext context)
    {
        context.Request.Headers.Remove("Range");
        return StandInHub.SendAsync(context, Weights);
    }

    [Fact]
    public async Task A_range_that_is_refused_begins_anew()
    {
        Fail("store", 2, context => times == 1 ? SendAndCut(context, 0, 200_000) : Status(416)(context));

        await DownloadAsync();

        Hub.Requests.Where(request => request.Host == "store").Select(request => request.Range is null).Should().Equal(true, false, true);
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Fact]
    public async Task Another_range_than_asked_for_is_refused_and_removed()
    {
        Fail(
            "store",
            2,
            async context =>
            {
                if (times == 1)
                    await SendAndCut(context, 0, 200_000);
                else
                    await SendAndCut(context, 10, 100);
            }
        );

        await ShouldFailAsync(
            "model.safetensors from *: the server sends \"bytes 10-699999/700000\", expected bytes from * on, of 700000*"
        );

        ShouldHaveNoWeights(unfinished: false);
    }

    [Fact]
    public async Task A_slow_drip_is_a_download()
    {
        Fail(
            "store",
            1,
            async context =>
            {
                context.Response.ContentLength = Weights.Length;
                for (var from = 0; from < 8; from++)
                {
                    await context.Response.Body.WriteAsync(Weights.AsMemory(from * 10, 10));
                    await Task.Delay(150);
                }
                await context.Response.Body.WriteAsync(Weights.AsMemory(80));
            }
        );

        await DownloadAsync(Options with { LongestSilence = TimeSpan.FromSeconds(1) });

        Hub.Downloads.Should().Be(4, "no byte was asked for twice, though all took longer than the longest silence");
    }

    [Fact]
    public async Task Silence_is_a_cut_connection()
    {
        Fail(
            "store",
            1,
            async context =>
            {
                context.Response.ContentLength = Weights.Length;
                await context.Response.Body.WriteAsync(Weights.AsMemory(0, 5_000));
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        );

        await DownloadAsync(Options with { LongestSilence = TimeSpan.FromSeconds(0.5) });

        Hub.Requests[^1].Range.Should().Be("bytes=5000-");
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        Fail(
            "hub",
            int.MaxValue,
            context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default)
        );

        await ShouldFailAsync("*no byte came for 0.2 seconds. Tried 3 times*", Options with { LongestSilence = TimeSpan.FromSeconds(0.2) });
    }

    [Fact]
    public async Task A_wrong_content_is_refused_and_removed()
    {
        Fail("store", int.MaxValue, context => StandInHub.SendAsync(context, [.. Weights[..^1], (byte)(Weights[^1] ^ 1)]));

        await ShouldFailAsync($"model.safetensors from *: the content's hash is *, expected {WeightsEtag}. What came was removed*");

        times.Should().Be(1, "it is no accident of the line");
        ShouldHaveNoWeights(unfinished: false);
    }

    [Fact]
    public async Task A_wrong_small_content_is_found_by_git_s_hash()
    {
        Fail("hub", int.MaxValue, context => Wrong(context), path: "/vocab.txt");

        await ShouldFailAsync("vocab.txt from *: the content's hash is *");

        static async Task Wrong(HttpContext context)
        {
            context.Response.Headers["X-Repo-Commit"] = StandInHub.Commit;
            context.Response.Headers.ETag = "\"cd79daeba0f9e3cafa4ecbc9ebd5b6c1ba77a6c8\"";
            await StandInHub.SendAsync(context, new byte[10]);
        }
    }

    [Theory, InlineData(-1), InlineData(1)]
    public async Task A_size_that_is_not_the_announced_one_is_refused(int difference)
    {
        Fail("store", int.MaxValue, context => StandInHub.SendAsync(context, Numbers(Weights.Length + difference)));

        await ShouldFailAsync(
            $"model.safetensors from *: the server sends {Weights.Length + difference:N0} bytes, the hub said it has 700,000 bytes*"
        );

        ShouldHaveNoWeights(unfinished: false);
    }

    [Fact]
    public async Task More_than_announced_is_refused_before_it_fills_the_disk()
    {
        Fail(
            "store",
            1,
            async context =>
            {
                await context.Response.Body.WriteAsync(Weights);
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(Weights);
            }
        );

        await ShouldFailAsync("model.safetensors from *: more than 700,000 bytes came*");

        ShouldHaveNoWeights(unfinished: false);
    }

    [Fact]
    public async Task A_damaged_part_from_before_costs_one_more_download()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Incomplete)!);
        File.WriteAllBytes(Incomplete, Numbers(4000));

        await DownloadAsync();

        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
        Hub.Requests.Where(request => request.Host == "store").Select(request => request.Range).Should().Equal("bytes=4000-", null);
    }

    [Theory, InlineData(700_000), InlineData(700_001)]
    public async Task A_whole_or_too_long_part_from_before_is_judged_without_its_range(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Incomplete)!);
        File.WriteAllBytes(Incomplete, length == Weights.Length ? Weights : Numbers(length));

        await DownloadAsync();

        Hub.Requests.Count(request => request.Host == "store").Should().Be(length == Weights.Length ? 0 : 1);
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(Weights);
    }

    [Theory]
    [InlineData("ftp://elsewhere/file")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:0")]
    public async Task Redirections_to_anything_but_http_are_refused(string target)
    {
        Fail("hub", int.MaxValue, Status(302, ("Location", target)));

        await ShouldFailAsync($"*the hub redirects to {target}, which is refused*");
    }

    [Fact]
    public async Task Redirections_without_end_are_refused()
    {
        Fail("hub", int.MaxValue, context => Status(302, ("Location", context.Request.Path.Value!))(context));

        await ShouldFailAsync("*the hub redirects more than 5 times.");
    }

    [Theory]
    [InlineData("not json", "*is no list of a model's files*")]
    [InlineData("[]", "*is no list of a model's files*")]
    [InlineData("{}", "*is no list of a model's files*")]
    [InlineData("""{"sha": "../../../../etc", "siblings": []}""", "*is of commit \"../../../../etc\"*")]
    [InlineData(
        """{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": 5}]}""",
        "*is no list of a model's files*"
    )]
    [InlineData(
        """{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": []}""",
        "acme/tiny-qa: has no config.json*It has no files."
    )]
    [InlineData(
        """{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "config.json"}, {"rfilename": "tf_model.h5"}]}""",
        "acme/tiny-qa: has no weights that can be read: looked for model.safetensors,*it has config.json, tf_model.h5."
    )]
    public async Task A_list_that_is_none_is_told(string list, string message)
    {
        Fail("hub", int.MaxValue, context => context.Response.WriteAsync(list));

        await ShouldFailAsync(message);
    }

    [Theory]
    [InlineData("../../../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/part")]
    [InlineData("..")]
    public async Task Parts_with_paths_are_refused(string part)
    {
        Hub.Remove("model.safetensors");
        Hub.Add("model.safetensors.index.json", $$$"""{"weight_map": {"a": "{{{part}}}"}}""");
        Hub.AlsoListed.Add(part);

        await ShouldFailAsync($"model.safetensors.index.json: names the file \"{part}\", expected plain names*");
    }

    [Fact]
    public async Task A_part_that_the_repository_does_not_have_is_named()
    {
        Hub.Remove("model.safetensors");
        Hub.Add("model.safetensors.index.json", """{"weight_map": {"a": "part-1"}}""");

        await ShouldFailAsync("model.safetensors.index.json: names the file part-1, which the repository does not have.");
    }

    [Theory]
    [InlineData("X-Repo-Commit", null, "*no X-Repo-Commit; this is no Hugging Face hub*")]
    [InlineData("X-Repo-Commit", "ffff456789abcdef0123456789abcdef01234567", "*answers for commit ffff*, expected 0123*")]
    [InlineData("ETag", null, "*etag is \"\", expected a hash*")]
    [InlineData("ETag", "\"../../../outside\"", "*etag is \"../../../outside\", expected a hash*")]
    [InlineData("X-Linked-Size", "9223372036854775807", "*X-Linked-Size is \"9223372036854775807\", expected a number of bytes.")]
    [InlineData("X-Linked-Size", "-5", "*X-Linked-Size is \"-5\", expected a number of bytes.")]
    public async Task Headers_that_cannot_be_are_refused(string header, string? value, string message)
    {
        Fail(
            "hub",
            int.MaxValue,
            context =>
            {
                context.Response.Headers["X-Repo-Commit"] = StandInHub.Commit;
                context.Response.Headers.ETag = "\"cd79daeba0f9e3cafa4ecbc9ebd5b6c1ba77a6c8\"";
                context.Response.ContentLength = 10;
                if (value is null)
                    context.Response.Headers.Remove(header);
                else
                    context.Response.Headers[header] = value;
                return Task.CompletedTask;
            },
            path: "/config.json"
        );

        await ShouldFailAsync(message);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_told_at_once()
    {
        var started = Stopwatch.GetTimestamp();

        await ShouldFailAsync(
            "*there is no host hub.invalid*HF_ENDPOINT*HF_HUB_OFFLINE=1*",
            Options with
            {
                Endpoint = new Uri("https://hub.invalid"),
                FirstDelay = TimeSpan.FromSeconds(30),
            }
        );

        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told()
    {
        var options = Options;
        await Hub.DisposeAsync();

        await ShouldFailAsync("*the connection failed: Connection refused. Tried 3 times*", options);
    }
}
