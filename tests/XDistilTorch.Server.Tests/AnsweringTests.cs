using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Tests;

namespace XDistilTorch.Server.Tests;

/// <summary>What the endpoints answer is what the library answers.</summary>
public sealed class AnsweringTests : IAsyncLifetime
{
    private const string Question = "who repaired the clock?";
    private const string Text = "the 🍵 clock was repaired by osei. the zebra was by the clock.";

    private readonly ModelFolder folder = new();
    private RunningServer server = null!;
    private QuestionAnswerer answerer = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RunningServer.Start(options => options.Models.Add(new ServedModel("org/second", folder.Path)));
        answerer = QuestionAnswerer.FromPretrained(folder.Path); // the same weights: the seed is fixed
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        answerer.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Records_are_those_of_the_library_to_the_last_character()
    {
        var several = Enumerable.Range(0, 20).Select(ModelFolder.Question).ToList();

        var response = await server.Ask(
            "/v1/answers",
            new
            {
                questions = several.Select(q => new
                {
                    id = q.Id,
                    question = q.Question,
                    context = q.Context,
                }),
                options = new { top_k = 3, always_answer = true },
            }
        );

        response.GetProperty("model").GetString().Should().Be("tiny");
        var expected = answerer.Answer(several, new AnswerOptions { TopK = 3, AlwaysAnswer = true });
        response
            .GetProperty("answers")
            .EnumerateArray()
            .Select(record => record.GetRawText())
            .Should()
            .Equal(expected.Select(answer => answer.ToJson()));
    }

    [Fact]
    public async Task One_question_needs_no_list_and_questions_may_share_a_text()
    {
        var one = await server.Ask("/v1/answers", new { question = Question, context = Text });
        var shared = await server.Ask(
            "/v1/answers",
            new
            {
                context = Text,
                questions = new object[]
                {
                    new { question = Question },
                    new
                    {
                        id = "own",
                        question = Question,
                        context = "osei was the clock.",
                    },
                },
            }
        );

        one.GetProperty("answers")[0].GetRawText().Should().Be(answerer.Answer(Question, Text).ToJson());
        shared.GetProperty("answers")[0].GetRawText().Should().Be(one.GetProperty("answers")[0].GetRawText());
        shared.GetProperty("answers")[1].GetProperty("id").GetString().Should().Be("own");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/models/tiny")]
    [InlineData("/models/org/second")]
    public async Task The_hosted_shape_has_probability_and_code_points(string path)
    {
        var response = await server.Ask(path, new { inputs = new { question = Question, context = Text } });

        var expected = answerer.Answer(Question, Text, new AnswerOptions { AlwaysAnswer = true });
        response.GetProperty("answer").GetString().Should().Be(expected.Text);
        response.GetProperty("score").GetDouble().Should().Be(expected.Probability);
        response.GetProperty("start").GetInt32().Should().Be(expected.Start);
        response.GetProperty("end").GetInt32().Should().Be(expected.End);
        response.EnumerateObject().Should().HaveCount(4);
    }

    [Fact]
    public async Task The_hosted_shape_gives_a_list_for_several_answers_and_may_have_none()
    {
        var list = await server.Ask("/", new { inputs = new { question = Question, context = Text }, parameters = new { top_k = 3 } });

        var expected = answerer.Answer(Question, Text, new AnswerOptions { AlwaysAnswer = true, TopK = 3 });
        list.EnumerateArray()
            .Select(each => each.GetProperty("answer").GetString())
            .Should()
            .Equal(expected.Answers.Select(span => span.Text));

        var none = HostedAnswer.Of(answerer.Answer(Question, Text, new AnswerOptions { NullThreshold = -1000, TopK = 3 }), 3);
        none.Should().HaveCount(3);
        none[0].Should().Match<HostedAnswer>(first => first.Answer == "" && first.Start == 0 && first.End == 0);
    }

    [Fact]
    public async Task Many_clients_at_once_get_what_each_would_get_alone()
    {
        QuestionInput[] asked = [.. Enumerable.Range(0, 120).Select(ModelFolder.Question)];

        var answers = await Task.WhenAll(
            asked.Select(q =>
                server.Ask(
                    "/v1/answers",
                    new
                    {
                        questions = new[]
                        {
                            new
                            {
                                id = q.Id,
                                question = q.Question,
                                context = q.Context,
                            },
                        },
                    }
                )
            )
        );

        for (var i = 0; i < asked.Length; i++)
            answers[i].GetProperty("answers")[0].GetRawText().Should().Be(answerer.Answer([asked[i]])[0].ToJson());
    }

    [Fact]
    public async Task Attention_is_the_object_of_the_command()
    {
        using var response = await server.Post(
            "/v1/inspect/attention",
            JsonSerializer.Serialize(
                new
                {
                    question = Question,
                    context = Text,
                    target = "osei",
                    layers = new[] { 1 },
                    heads = new[] { 0, 2 },
                }
            )
        );

        var question = InspectedQuestion.Of(answerer, Question, Text);
        var report = AttentionReport.Of(answerer.Model, InspectedTarget.Of(question, "osei"), [1], [0, 2]);
        (await response.Content.ReadAsStringAsync()).Should().Be(AttentionRecord.Of(question, report).ToJson());
    }

    [Fact]
    public async Task Attribution_is_the_object_of_the_command()
    {
        using var response = await server.Post(
            "/v1/inspect/attribution",
            JsonSerializer.Serialize(
                new
                {
                    question = Question,
                    context = Text,
                    target = "osei",
                    method = "occlusion",
                    unit = "word",
                }
            )
        );

        var question = InspectedQuestion.Of(answerer, Question, Text);
        var request = new AttributionQuery
        {
            Question = Question,
            Context = Text,
            Target = "osei",
            Method = "occlusion",
        }.ToRequest();
        var decision = ExplainedDecision.Of(question, "osei", null, null);
        var expected = AttributionJson.Of(new AttributionRun(answerer, request, CancellationToken.None).Of(decision), question);
        (await response.Content.ReadAsStringAsync()).Should().Be(expected);
    }

    [Fact]
    public async Task Time_spent_stands_in_the_header()
    {
        using var response = await server.Post("/v1/answers", JsonSerializer.Serialize(new { question = Question, context = Text }));

        response
            .Headers.GetValues("Server-Timing")
            .Single()
            .Should()
            .MatchRegex(@"^queue;dur=[\d.]+, tokenize;dur=[\d.]+, compute;dur=[\d.]+$");
    }

    [Fact]
    public async Task The_service_answers_inside_the_process_too()
    {
        var service = server.Services.GetRequiredService<QuestionService>();

        (await service.AnswerAsync([new QuestionInput(Question, Text)]))[0].ToJson().Should().Be(answerer.Answer(Question, Text).ToJson());
        await service
            .Invoking(s => s.AnswerAsync([new QuestionInput(Question, Text)], model: "other"))
            .Should()
            .ThrowAsync<InvalidOperationException>();
        await service.Invoking(s => s.AnswerAsync([new QuestionInput(" ", Text)])).Should().ThrowAsync<DataException>();
    }

    [Fact]
    public async Task Models_are_listed_the_usual_one_first()
    {
        using var models = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/models"));

        models
            .RootElement.GetProperty("models")
            .EnumerateArray()
            .Select(model => model.GetProperty("name").GetString())
            .Should()
            .Equal("tiny", "org/second");
    }

    [Fact]
    public async Task The_page_and_the_description_come_from_the_server_alone()
    {
        using var page = await server.Http.GetAsync("/");
        using var description = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        using var docs = await server.Http.GetAsync("/docs/");

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).Should().Contain("href=\"docs\"");
        page.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'self'");
        docs.StatusCode.Should().Be(HttpStatusCode.OK);
        docs.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'self'");
        description
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name)
            .Should()
            .Contain(["/", "/models/{name}", "/v1/answers", "/v1/inspect/attention", "/v1/inspect/attribution", "/healthz", "/readyz"]);
    }

    [Theory]
    [InlineData("HostedRequest", "{\"zzz\":1}")]
    [InlineData("AnswersRequest", "{\"zzz\":1}")]
    [InlineData("AttentionRequest", "{\"zzz\":1}")]
    [InlineData("AttributionQuery", "{\"zzz\":1}")]
    public async Task The_description_has_the_members_that_are_read(string schema, string request)
    {
        using var description = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        var described = description
            .RootElement.GetProperty("components")
            .GetProperty("schemas")
            .GetProperty(schema)
            .GetProperty("properties")
            .EnumerateObject()
            .Select(property => property.Name);
        var path = schema switch
        {
            "HostedRequest" => "/",
            "AnswersRequest" => "/v1/answers",
            "AttentionRequest" => "/v1/inspect/attention",
            _ => "/v1/inspect/attribution",
        };

        using var refused = await server.Post(path, request);

        // The refusal lists what is read.
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        var read = problem.RootElement.GetProperty("detail").GetString()!.Split("expected ")[1].TrimEnd('.').Split(", ");
        read.Should().BeEquivalentTo(described);
    }
}
