using System.Net;
using System.Text.Json;

namespace XDistilTorch.Server.Tests;

/// <summary>What a refusal has to look like.</summary>
internal static class Problems
{
    /// <summary>It is a problem of that status and code, under the request's id, with a message that matches.</summary>
    public static async Task ShouldBeProblem(this HttpResponseMessage response, int status, string code, string detail = "*")
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).Should().Be(status, text);
        response.Content.Headers.ContentType?.MediaType.Should().Be("application/problem+json");
        using var json = JsonDocument.Parse(text);
        var problem = json.RootElement;
        problem.GetProperty("status").GetInt32().Should().Be(status);
        problem.GetProperty("code").GetString().Should().Be(code, text);
        problem.GetProperty("detail").GetString().Should().Match(detail);
        problem.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
        response.Headers.GetValues("X-Request-Id").Single().Should().Be(problem.GetProperty("request_id").GetString());
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            response.Headers.RetryAfter.Should().NotBeNull();
    }
}
