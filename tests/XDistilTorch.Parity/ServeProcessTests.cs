using System.Net;
using System.Text.Json;
using XDistilTorch.Parity.Commands;

namespace XDistilTorch.Parity;

/// <summary>The served model is the asked one, and the server ends as a server should.</summary>
public class ServeProcessTests
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";
    private const string Who = "Who repaired the clock?";

    private static string Body(string question, string context) => JsonSerializer.Serialize(new { question, context });

    [Fact]
    public async Task An_answer_by_HTTP_is_the_record_of_ask_and_a_look_inside_that_of_inspect()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals of this test are those of Linux");
        await using var server = await ServeProcess.Start();

        using var answer = await server.Post("/v1/answers", Body(Who, Clock));
        using var hosted = await server.Post("/", JsonSerializer.Serialize(new { inputs = new { question = Who, context = Clock } }));
        using var attention = await server.Post(
            "/v1/inspect/attention",
            JsonSerializer.Serialize(
                new
                {
                    question = Who,
                    context = Clock,
                    layers = new[] { 8 },
                    heads = new[] { 5 },
                }
            )
        );
        using var attribution = await server.Post(
            "/v1/inspect/attribution",
            JsonSerializer.Serialize(
                new
                {
                    question = Who,
                    context = Clock,
                    method = "occlusion",
                    target = "Marit Osei",
                }
            )
        );

        string[] asked = ["--question", Who, "--context", Clock, "--json"];
        using var record = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var ask = await CommandRun.Of(CommandRun.WithModel(["ask", .. asked]));
        record.RootElement.GetProperty("answers")[0].GetRawText().Should().Be(ask.Output.TrimEnd());
        using var shape = JsonDocument.Parse(await hosted.Content.ReadAsStringAsync());
        var always = await CommandRun.Of(CommandRun.WithModel(["ask", .. asked, "--always-answer"]));
        using var expected = JsonDocument.Parse(always.Output);
        foreach (var (name, same) in new[] { ("answer", "answer"), ("score", "probability"), ("start", "start"), ("end", "end") })
            shape.RootElement.GetProperty(name).GetRawText().Should().Be(expected.RootElement.GetProperty(same).GetRawText());
        (await attention.Content.ReadAsStringAsync())
            .Should()
            .Be(
                (
                    await CommandRun.Of(CommandRun.WithModel(["inspect", "attention", .. asked, "--layers", "8", "--heads", "5"]))
                ).Output.TrimEnd()
            );
        (await attribution.Content.ReadAsStringAsync())
            .Should()
            .Be(
                (
                    await CommandRun.Of(
                        CommandRun.WithModel(["inspect", "attribution", .. asked, "--method", "occlusion", "--target", "Marit Osei"])
                    )
                ).Output.TrimEnd()
            );
        var metrics = await server.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        metrics
            .Should()
            .MatchRegex(@"xdistil_questions_total\{[^}]*\} 2\b")
            .And.Contain("xdistil_compute_duration_seconds_bucket")
            .And.Contain("http_server_request_duration_seconds");
        server.Log.Should().NotContain("Osei").And.Contain("answers, engine");
    }

    [Fact]
    public async Task Told_to_stop_it_ends_what_is_under_way_and_succeeds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals of this test are those of Linux");
        await using var server = await ServeProcess.Start(0, "--timeout", "300", "--drain-timeout", "300");
        var text = string.Concat(Enumerable.Repeat(Clock + " ", 300));
        var answering = server.Post("/v1/answers", Body(Who, text));
        await server.Until(
            () =>
                server
                    .Http.GetStringAsync("/metrics")
                    .GetAwaiter()
                    .GetResult()
                    .Contains("xdistil_questions_inside{otel_scope_name=\"XDistilTorch.Server\"} 1", StringComparison.Ordinal),
            "computing"
        );

        await server.Signal("TERM");

        (await answering).StatusCode.Should().Be(HttpStatusCode.OK);
        (await server.ExitCode()).Should().Be(0);
        server.Log.Should().Contain("told to stop, 1 requests under way").And.NotContain("given up");
    }

    [Fact]
    public async Task A_collector_is_told_what_a_request_spent_its_time_on_but_not_what_was_asked()
    {
        await using var collector = await TraceCollector.Start();
        await using var server = await ServeProcess.Traced(collector.Address);

        using var answer = await server.Post("/v1/answers", Body(Who, Clock));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        string[] spans = ["POST /v1/answers", "tokenize", "compute", "decode"];
        await server.Until(() => spans.All(span => collector.Text.Contains(span, StringComparison.Ordinal)), "traced");
        collector.Text.Should().Contain("service.name").And.Contain("xdistil").And.NotContain("Osei").And.NotContain("repaired");
    }

    [Fact]
    public async Task Killed_it_comes_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals of this test are those of Linux");
        await using var first = await ServeProcess.Start();
        var port = first.Http.BaseAddress!.Port;
        await first.Signal("KILL");
        (await first.ExitCode()).Should().NotBe(0);

        await using var again = await ServeProcess.Start(port);

        using var answer = await again.Post("/v1/answers", Body(Who, Clock));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
