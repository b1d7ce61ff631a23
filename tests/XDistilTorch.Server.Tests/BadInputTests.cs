using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace XDistilTorch.Server.Tests;

/// <summary>Whatever a client sends, it gets a problem that names the fault, and the server goes on.</summary>
public sealed class BadInputTests(BadInputTests.Small fixture) : IClassFixture<BadInputTests.Small>
{
    private const string Good = """{"question":"who?","context":"the clock"}""";

    private readonly RunningServer server = fixture.Server;

    /// <summary>A server with limits that are quickly reached.</summary>
    public sealed class Small : IAsyncLifetime
    {
        public RunningServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Server = await RunningServer.Start(options =>
                options.Limits = options.Limits with
                {
                    BodyBytes = 1 << 20,
                    ContextCharacters = 50_000,
                    Windows = 200,
                    QueuedInspections = 1,
                }
            );

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    private static string Context(int characters) => string.Concat(Enumerable.Repeat("the clock ", characters / 10));

    [Theory]
    [InlineData("", "not-json", "*no JSON*")]
    [InlineData("{", "not-json", "*")]
    [InlineData("[]", "wrong-type", "$ is an array, expected an object.")]
    [InlineData("7", "wrong-type", "$ is the number \"7\", expected an object.")]
    [InlineData("""{"question":1,"context":"a"}""", "wrong-type", "$.question is the number \"1\", expected a string.")]
    [InlineData("""{"question":["who?"],"context":"a"}""", "wrong-type", "$.question is an array, expected a string.")]
    [InlineData("""{"question":"who?"}""", "missing-member", "$.context is missing, expected a string.")]
    [InlineData("""{"question":null,"context":"a"}""", "missing-member", "$.question is missing*")]
    [InlineData("""{"question":"who?","contxt":"a"}""", "unknown-member", "$.\"contxt\" is not known here, expected*context*")]
    [InlineData(
        """{"question":"who?","context":"a","options":{"topk":1}}""",
        "unknown-member",
        "$.options.\"topk\" is not known here*top_k*"
    )]
    [InlineData(
        """{"question":"who?","context":"a","options":{"top_k":"1"}}""",
        "wrong-type",
        "$.options.top_k is a string, expected a whole number*"
    )]
    [InlineData("""{"question":"who?","context":"a","options":{"top_k":1.5}}""", "wrong-type", "*the number \"1.5\"*")]
    [InlineData(
        """{"question":"who?","context":"a","options":{"null_threshold":1e999}}""",
        "wrong-type",
        "*null_threshold*expected a number*"
    )]
    [InlineData("""{"question":"who?","context":"a","question":"who?"}""", "not-json", "*")]
    [InlineData("""{"question":"who?","context":"a","questions":[]}""", "unknown-member", "*stands beside*")]
    [InlineData("""{"question":"\ud83c","context":"a"}""", "half-character", "*surrogate*")]
    [InlineData("""{"question":"who?","context":"\udf75 a"}""", "half-character", "*surrogate*")]
    [InlineData("""{"question":"who?","context":"a","\ud83c":1}""", "half-character", "*surrogate*")]
    public async Task What_cannot_be_read_is_refused_by_its_place(string body, string code, string detail)
    {
        using var response = await server.Post("/v1/answers", body);

        await response.ShouldBeProblem(400, code, detail);
    }

    [Theory]
    [InlineData("""{"question":" ","context":"a"}""", "$.question is blank*")]
    [InlineData("""{"question":"who?","context":"\u200b"}""", "*the text is blank*")]
    [InlineData(
        """{"questions":[{"question":"who?","context":"a"},{"question":"\u200b","context":"a"}]}""",
        "$.questions?1?: the question is blank*"
    )]
    [InlineData("""{"questions":[]}""", "*one question at least*")]
    [InlineData(
        """{"question":"who?","context":"a","options":{"top_k":0}}""",
        "$.options.top_k is 0, expected a whole number from 1 to 100."
    )]
    [InlineData("""{"question":"who?","context":"a","options":{"top_k":101}}""", "*from 1 to 100.")]
    [InlineData("""{"question":"who?","context":"a","options":{"max_length":3}}""", "*max_length is 3, expected*4 or more*")]
    [InlineData("""{"question":"who?","context":"a","options":{"max_length":65}}""", "*65 tokens*positions for 64*")]
    [InlineData("""{"question":"who?","context":"a","options":{"stride":63}}""", "*share 63*at most 62*")]
    [InlineData(
        """{"question":"who?","context":"a","options":{"decoder":"best"}}""",
        "*decoder is \"best\", expected calibrated, squad, pipeline."
    )]
    [InlineData(
        """{"question":"who?","context":"a","options":{"decoder":"pipeline","null_threshold":1}}""",
        "*null_threshold has no meaning*"
    )]
    public async Task What_cannot_be_answered_is_refused_with_what_could_be(string body, string detail)
    {
        using var response = await server.Post("/v1/answers", body);

        await response.ShouldBeProblem(422, "unusable", detail);
    }

    [Theory]
    [InlineData("""{"inputs":"who?"}""", 400, "wrong-type", "$.inputs is a string, expected an object.")]
    [InlineData("""{"question":"who?"}""", 400, "unknown-member", "*inputs, parameters.")]
    [InlineData("{}", 400, "missing-member", "$.inputs is missing*")]
    [InlineData("""{"inputs":{"question":"who?"}}""", 400, "missing-member", "$.inputs.context is missing*")]
    [InlineData(
        """{"inputs":{"question":"who?","context":"a"},"parameters":{"topk":1}}""",
        400,
        "unknown-member",
        "$.parameters.\"topk\"*"
    )]
    [InlineData(
        """{"inputs":{"question":"who?","context":"a"},"parameters":{"handle_impossible_answer":1}}""",
        400,
        "wrong-type",
        "*true or false."
    )]
    public async Task The_hosted_shape_is_as_strict(string body, int status, string code, string detail)
    {
        using var response = await server.Post("/", body);

        await response.ShouldBeProblem(status, code, detail);
    }

    [Theory]
    [InlineData("attention", """{"question":"who?","context":"the clock","layers":[2]}""", 422, "unusable", "*no layer 2*")]
    [InlineData("attention", """{"question":"who?","context":"the clock","heads":[-1]}""", 400, "wrong-type", "$.heads?0?*")]
    [InlineData("attention", """{"question":"who?","context":"the clock","window":9}""", 422, "unusable", "*no window 9*")]
    [InlineData("attention", """{"question":"who?","context":"the clock","target":"zebra"}""", 422, "unusable", "*zebra*")]
    [InlineData(
        "attribution",
        """{"question":"who?","context":"the clock","method":"best"}""",
        422,
        "unusable",
        "*expected gradient-x-input*"
    )]
    [InlineData("attribution", """{"question":"who?","context":"the clock","steps":100000}""", 422, "unusable", "*steps*")]
    [InlineData("attribution", """{"question":"who?","context":"the clock","at":"nowhere"}""", 422, "unusable", "*embeddings*")]
    public async Task Inspections_are_refused_alike(string what, string body, int status, string code, string detail)
    {
        using var response = await server.Post($"/v1/inspect/{what}", body);

        await response.ShouldBeProblem(status, code, detail);
    }

    [Fact]
    public async Task Deep_JSON_is_not_followed()
    {
        using var response = await server.Post("/v1/answers", new string('[', 100_000) + new string(']', 100_000));

        await response.ShouldBeProblem(400, "not-json", "*depth*");
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_named_with_their_place()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("""{"question":"who?","context":"caf"""), 0xE9, .. "\"}"u8];

        using var response = await server.Post("/v1/answers", body);

        await response.ShouldBeProblem(400, "not-utf8", $"byte {body.Length - 3} of the body (0xe9) is not UTF-8.");
    }

    [Fact]
    public async Task Ten_megabytes_are_refused_and_the_client_hears_of_it()
    {
        using var known = await server.Post("/v1/answers", JsonSerializer.Serialize(new { question = "who?", context = Context(3 << 20) }));
        using var endless = await server.Http.PostAsync(
            "/v1/answers",
            new StreamContent(new MemoryStream(new byte[3 << 20])) { Headers = { { "Content-Type", "application/json" } } }
        );

        await known.ShouldBeProblem(413, "too-large", "*1,048,576 bytes*");
        await endless.ShouldBeProblem(413, "too-large");
    }

    [Fact]
    public async Task Windows_that_share_nearly_all_are_counted_before_they_are_made()
    {
        var body = JsonSerializer.Serialize(
            new
            {
                question = "who?",
                context = string.Concat(Enumerable.Repeat("a.", 20_000)),
                options = new { max_length = 40, stride = 34 },
            }
        );

        foreach (var path in new[] { "/v1/answers", "/v1/inspect/attention", "/v1/inspect/attribution" })
        {
            using var response = await server.Post(path, body);
            await response.ShouldBeProblem(413, "too-large", "*more than 200 windows of 40 tokens*share less*");
        }
    }

    [Fact]
    public async Task Long_texts_questions_and_lists_are_refused_by_their_length()
    {
        using var text = await server.Post("/v1/answers", JsonSerializer.Serialize(new { question = "who?", context = Context(60_000) }));
        using var question = await server.Post(
            "/v1/answers",
            JsonSerializer.Serialize(new { question = new string('a', 3000), context = "a" })
        );
        using var thousand = await server.Post(
            "/v1/answers",
            JsonSerializer.Serialize(new { context = "a", questions = Enumerable.Range(0, 1000).Select(_ => new { question = "who?" }) })
        );
        using var windows = await server.Post(
            "/v1/answers",
            JsonSerializer.Serialize(
                new { context = Context(40_000), questions = Enumerable.Range(0, 100).Select(_ => new { question = "who?" }) }
            )
        );

        await text.ShouldBeProblem(413, "too-large", "$.context has 60,000 characters, expected 50,000 at most.");
        await question.ShouldBeProblem(413, "too-large", "$.question has 3,000 characters*");
        await thousand.ShouldBeProblem(413, "too-large", "$.questions has 1000 entries, expected 256 at most*");
        await windows.ShouldBeProblem(413, "too-large", "*more than 200 windows*");
    }

    [Fact]
    public async Task A_question_that_fills_the_window_is_refused_with_its_length()
    {
        using var response = await server.Post(
            "/v1/answers",
            JsonSerializer.Serialize(new { question = string.Concat(Enumerable.Repeat("who ", 80)), context = Context(1000) })
        );

        await response.ShouldBeProblem(422, "unusable", "*80 tokens*");
    }

    [Fact]
    public async Task Compressed_bodies_and_other_kinds_are_not_opened()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[64 << 20]);
        var content = new ByteArrayContent(bomb.ToArray())
        {
            Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } },
        };

        using var compressed = await server.Http.PostAsync("/v1/answers", content);
        using var form = await server.Post("/v1/answers", "question=who", "application/x-www-form-urlencoded");
        using var plain = await server.Post("/v1/answers", Good, "text/plain");

        await compressed.ShouldBeProblem(415, "wrong-kind", "*compressed*gzip*");
        await form.ShouldBeProblem(415, "wrong-kind", "*application/json*");
        await plain.ShouldBeProblem(415, "wrong-kind");
    }

    [Theory]
    [InlineData("/models/..%2f..%2fetc%2fpasswd")]
    [InlineData("/models/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/models/tiny%00")]
    [InlineData("/models/TINY")]
    [InlineData("/models/other")]
    [InlineData("/nowhere")]
    [InlineData("/v1/answers/more")]
    public async Task Paths_and_names_that_lead_elsewhere_lead_nowhere(string path)
    {
        using var response = await server.Post(path, """{"inputs":{"question":"who?","context":"the clock"}}""");

        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().BeOneOf([HttpStatusCode.NotFound, HttpStatusCode.BadRequest], text);
        text.Should().NotContain("root:");
    }

    [Fact]
    public async Task A_model_that_is_not_served_is_named_with_those_that_are()
    {
        using var path = await server.Post("/models/..%2fother", """{"inputs":{"question":"who?","context":"the clock"}}""");
        using var member = await server.Post("/v1/answers", """{"model":"../other","question":"who?","context":"the clock"}""");

        await path.ShouldBeProblem(404, "no-such-model", "*expected tiny.");
        await member.ShouldBeProblem(404, "no-such-model", "*expected tiny.");
    }

    [Fact]
    public async Task Wrong_methods_and_unknown_paths_are_problems_too()
    {
        using var method = await server.Http.GetAsync("/v1/answers");
        using var path = await server.Http.GetAsync("/nowhere");

        await method.ShouldBeProblem(405, "wrong-method", "*expected POST.");
        method.Content.Headers.Allow.Should().Contain("POST");
        await path.ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Floods_of_headers_are_cut_off()
    {
        var flood = new StringBuilder("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
        for (var i = 0; i < 5000; i++)
            flood.Append($"X-Flood-{i}: {i}\r\n");

        (await Raw(flood.Append("\r\n").ToString())).Should().StartWith("HTTP/1.1 431");
    }

    [Theory]
    [InlineData("GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 505")]
    [InlineData("\0\0\0\0\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("POST /v1/answers HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 400")]
    [InlineData(
        "POST /v1/answers HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 400"
    )]
    public async Task What_is_no_HTTP_is_refused(string request, string status) => (await Raw(request)).Should().StartWith(status);

    [Fact]
    public async Task After_all_that_it_answers()
    {
        using var response = await server.Post("/v1/answers", Good);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        server.Log.Lines.Should().NotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        }
        catch (IOException)
        {
            // Cut off while writing: the answer may have come all the same.
        }
        var answer = new byte[4096];
        var length = await stream.ReadAsync(answer);
        return Encoding.Latin1.GetString(answer, 0, length);
    }
}
