using System.Net;
using System.Text;
using System.Text.Json;
using XDistilTorch.Data;

namespace XDistilTorch.Server.Tests;

/// <summary>The endpoints behind the page's labelling.</summary>
public sealed class LabellingTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-labels-").FullName;
    private RunningServer? server;

    private string Labels => Path.Combine(folder, "labels.jsonl");

    public async ValueTask InitializeAsync()
    {
        string[] ids = ["a", "b/c d", "100%2F", "ü?#"];
        var rows = ids.Select(id => new QuestionRow
        {
            Id = id,
            Question = "Who repaired it?",
            Context = "Marit Osei did.",
            Answers = [new GoldAnswer("Marit", 0, new TextSpan(0, 5))],
        });
        server = await RunningServer.Start(waitUntilReady: false, labels: new LabelBook(rows, Labels));
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task<HttpResponseMessage> Put(string id, string body) =>
        server!.Http.PutAsync(
            new Uri($"/v1/label/answers/{Uri.EscapeDataString(id)}", UriKind.Relative),
            new StringContent(body, Encoding.UTF8, "application/json")
        );

    [Fact]
    public async Task Questions_come_without_answers_and_with_the_labels_that_were_saved()
    {
        foreach (var id in new[] { "100%2F", "b/c d", "ü?#" })
        {
            using var saved = await Put(id, """{"start_utf16":6,"end_utf16":10}""");
            saved.StatusCode.Should().Be(HttpStatusCode.NoContent);
        }

        using var read = JsonDocument.Parse(await server!.Http.GetStringAsync("/v1/label/questions"));

        read.RootElement.GetProperty("labelled").EnumerateArray().Select(id => id.GetString()).Should().Equal("100%2F", "b/c d", "ü?#");
        var rows = read.RootElement.GetProperty("rows").EnumerateArray().ToList();
        rows[0].TryGetProperty("answers", out _).Should().BeFalse("a second person is not to see the first one's answer");
        rows[1].GetProperty("answers").GetProperty("text")[0].GetString().Should().Be("Osei");
        (await File.ReadAllLinesAsync(Labels)).Should().HaveCount(3);
    }

    [Theory]
    [InlineData("nobody", "{}", 404, "not-found")]
    [InlineData("a", "{\"start_utf16\":3}", 400, "missing-member")]
    [InlineData("a", "{\"start_utf16\":3,\"end_utf16\":99}", 422, "unusable")]
    [InlineData("a", "{\"start_utf16\":3,\"end_utf16\":3}", 422, "unusable")]
    [InlineData("a", "{\"answer\":\"Osei\"}", 400, "unknown-member")]
    [InlineData("a", "Osei", 400, "not-json")]
    public async Task What_is_no_label_is_refused_and_not_written(string id, string body, int status, string code)
    {
        using var response = await Put(id, body);

        ((int)response.StatusCode).Should().Be(status);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("code").GetString().Should().Be(code);
        File.Exists(Labels).Should().BeFalse();
    }

    [Fact]
    public async Task A_label_that_cannot_be_written_is_told()
    {
        Directory.CreateDirectory(Labels);

        using var response = await Put("a", "{}");

        ((int)response.StatusCode).Should().Be(507);
    }
}
