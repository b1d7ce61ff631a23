using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using XDistilTorch.Server.Serving;

namespace XDistilTorch.Server.Tests;

/// <summary>Who is let in, who waits, who is told to come again, and how it ends.</summary>
public class ServingTests
{
    private const string Question = """{"question":"who repaired the clock?","context":"the clock was repaired by osei."}""";
    private const string Key = "a-key-of-some-length";

    private static ApiKeys Keys()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Key);
        try
        {
            return ApiKeys.ReadFile(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // The place of an inspection, so that others wait for as long as a test likes.
    private static SemaphoreSlim Inspecting(RunningServer server) =>
        server.Services.GetRequiredService<ModelCatalog>().Find(null).Inspecting;

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            i.Should().BeLessThan(3000, "it should have come by now");
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task Keys_are_asked_for_where_a_model_is_and_not_for_health_and_page()
    {
        await using var server = await RunningServer.Start(options => options.Keys = Keys());

        async Task<HttpResponseMessage> With(string name, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/answers")
            {
                Content = new StringContent(Question, Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation(name, value);
            return await server.Http.SendAsync(request);
        }

        using var none = await server.Post("/v1/answers", Question);
        await none.ShouldBeProblem(401, "no-key", "*Bearer*");
        none.Headers.WwwAuthenticate.Single().Scheme.Should().Be("Bearer");
        foreach (
            var (name, value) in new[]
            {
                ("Authorization", "Bearer wrong"),
                ("Authorization", $"Basic {Key}"),
                ("X-Api-Key", "wrong"),
                ("X-Api-Key", ""),
            }
        )
        {
            using var wrong = await With(name, value);
            await wrong.ShouldBeProblem(401, "no-key");
        }
        foreach (var (name, value) in new[] { ("Authorization", $"Bearer {Key}"), ("authorization", $"bearer {Key}"), ("X-Api-Key", Key) })
        {
            using var right = await With(name, value);
            right.StatusCode.Should().Be(HttpStatusCode.OK);
        }
        foreach (var open in new[] { "/", "/healthz", "/readyz", "/openapi/v1.json", "/docs/" })
            (await server.Http.GetAsync(open)).StatusCode.Should().Be(HttpStatusCode.OK, open);
        (await server.Http.GetAsync("/v1/models")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_sane_request_id_comes_back_and_another_is_made_anew()
    {
        await using var server = await RunningServer.Start();

        async Task<string> IdFor(string given)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
            request.Headers.TryAddWithoutValidation("X-Request-Id", given);
            using var response = await server.Http.SendAsync(request);
            return response.Headers.GetValues("X-Request-Id").Single();
        }

        (await IdFor("job-7:page/3")).Should().Be("job-7:page/3");
        foreach (var odd in new[] { "two words", "<script>", new string('a', 129), "\"" })
            (await IdFor(odd)).Should().MatchRegex("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task A_full_queue_says_come_again_and_takes_questions_when_it_is_empty()
    {
        await using var server = await RunningServer.Start(options => options.Limits = options.Limits with { QueuedQuestions = 4 });
        var questions = server.Services.GetRequiredService<QuestionService>().Questions;

        using (questions.Enter(4))
        {
            using var refused = await server.Post("/v1/answers", Question);
            await refused.ShouldBeProblem(429, "busy", "4 questions of at most 4*");
        }

        using var taken = await server.Post("/v1/answers", Question);
        taken.StatusCode.Should().Be(HttpStatusCode.OK);
        questions.Inside.Should().Be(0);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so_and_leaves_the_queue()
    {
        await using var server = await RunningServer.Start(options =>
            options.Limits = options.Limits with { Timeout = TimeSpan.FromMilliseconds(200), QueuedInspections = 1 }
        );
        await Inspecting(server).WaitAsync();

        using var late = await server.Post("/v1/inspect/attention", Question);
        using var later = await server.Post("/v1/inspect/attention", Question);

        await late.ShouldBeProblem(503, "busy", "*0.2 s*");
        await later.ShouldBeProblem(503, "busy"); // not 429: the first has left
        Inspecting(server).Release();
    }

    [Fact]
    public async Task Only_so_many_inspections_wait()
    {
        await using var server = await RunningServer.Start(options => options.Limits = options.Limits with { QueuedInspections = 1 });
        await Inspecting(server).WaitAsync();
        var waiting = server.Post("/v1/inspect/attention", Question);
        await Until(() => server.Services.GetRequiredService<ServingState>().UnderWay == 1);

        using var refused = await server.Post("/v1/inspect/attention", Question);

        await refused.ShouldBeProblem(429, "busy", "*inspections*");
        Inspecting(server).Release();
        (await waiting).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_request_along()
    {
        await using var server = await RunningServer.Start();
        var state = server.Services.GetRequiredService<ServingState>();
        await Inspecting(server).WaitAsync();
        using var leaving = new CancellationTokenSource();
        var request = server.Http.PostAsync(
            "/v1/inspect/attention",
            new StringContent(Question, Encoding.UTF8, "application/json"),
            leaving.Token
        );
        await Until(() => state.UnderWay == 1);

        await leaving.CancelAsync();

        await FluentActions.Awaiting(() => request).Should().ThrowAsync<OperationCanceledException>();
        await Until(() => state.UnderWay == 0);
        Inspecting(server).Release();
        (await server.Post("/v1/inspect/attention", Question)).StatusCode.Should().Be(HttpStatusCode.OK);
        server.Log.Lines.Should().NotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draining_takes_nothing_new_and_lets_what_is_under_way_end()
    {
        await using var server = await RunningServer.Start();
        var state = server.Services.GetRequiredService<ServingState>();
        await Inspecting(server).WaitAsync();
        var underWay = server.Post("/v1/inspect/attention", Question);
        await Until(() => state.UnderWay == 1);

        var drained = state.Drain();

        drained.IsCompleted.Should().BeFalse();
        (await server.Http.GetAsync("/readyz")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await server.Http.GetAsync("/healthz")).StatusCode.Should().Be(HttpStatusCode.OK);
        using var refused = await server.Post("/v1/answers", Question);
        await refused.ShouldBeProblem(503, "not-ready", "*about to stop*");
        Inspecting(server).Release();
        (await underWay).StatusCode.Should().Be(HttpStatusCode.OK);
        await drained;
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_ends_the_server_with_its_reason()
    {
        await using var server = await RunningServer.Start(
            options => options.Models.Add(new ServedModel("broken", "nowhere/at/all")),
            waitUntilReady: false
        );
        var state = server.Services.GetRequiredService<ServingState>();

        await Until(() => state.Failure is not null);

        state.Failure.Should().BeAssignableTo<XDistilException>().Which.Message.Should().Contain("nowhere/at/all");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logs_hold_numbers_and_texts_only_when_told_to(bool logTexts)
    {
        await using var server = await RunningServer.Start(options => options.LogTexts = logTexts);

        using var good = await server.Post("/v1/answers", Question);
        using var bad = await server.Post("/v1/answers", """{"question":"who?","context":"osei","options":{"max_length":1000}}""");

        good.StatusCode.Should().Be(HttpStatusCode.OK);
        server.Log.Lines.Should().Contain(line => line.Contains("1 questions, 1 windows", StringComparison.Ordinal));
        server.Log.Lines.Any(line => line.Contains("osei", StringComparison.Ordinal)).Should().Be(logTexts);
    }

    [Fact]
    public async Task A_client_that_drips_is_cut_off()
    {
        await using var server = await RunningServer.Start(kestrel: options =>
            options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(1.5))
        );
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
            )
        );

        var answer = new byte[4096];
        using var most = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var length = await stream.ReadAsync(answer, most.Token);

        Encoding.ASCII.GetString(answer, 0, length).Should().StartWith("HTTP/1.1 408");
    }

    [Fact]
    public async Task Limits_that_let_nothing_through_and_no_models_are_refused_at_the_start()
    {
        await FluentActions
            .Awaiting(() => RunningServer.Start(options => options.Limits = options.Limits with { BodyBytes = 0 }))
            .Should()
            .ThrowAsync<ArgumentOutOfRangeException>();
        await FluentActions.Awaiting(() => RunningServer.Start(options => options.Models.Clear())).Should().ThrowAsync<XDistilException>();
    }

    [Fact]
    public async Task Defaults_that_do_not_fit_the_model_end_the_server_too()
    {
        await using var server = await RunningServer.Start(
            options => options.Answers = new AnswerOptions { MaxLength = 65 },
            waitUntilReady: false
        );
        var state = server.Services.GetRequiredService<ServingState>();

        await Until(() => state.Failure is not null);

        state.Failure!.Message.Should().Contain("positions for 64");
    }
}
