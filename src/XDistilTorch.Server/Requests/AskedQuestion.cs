using System.Text.Json.Serialization;
using XDistilTorch.Server.Requests;

namespace XDistilTorch.Server;

/// <summary>A question about a text.</summary>
internal sealed record AskedQuestion
{
    /// <summary>The client's own name for it, which its answer carries.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>The question.</summary>
    [JsonPropertyName("question")]
    public required string Question { get; init; }

    /// <summary>The text; where it is left out, the one that stands beside <c>questions</c>.</summary>
    [JsonPropertyName("context")]
    public required string Context { get; init; }

    /// <summary>Its place in the request, for messages.</summary>
    [JsonIgnore]
    public string Path { get; init; } = "$";

    /// <summary>Reads question and context, which have to be there, and the id where it may be.</summary>
    public static AskedQuestion Read(JsonMembers members, ServingLimits limits, bool withId, string? sharedContext = null)
    {
        var (question, context) = (
            members.Text("question"),
            sharedContext is null ? members.Text("context") : members.FindText("context") ?? sharedContext
        );
        Check(question, $"{members.Path}.question", limits.QuestionCharacters);
        if (!ReferenceEquals(context, sharedContext))
            Check(context, $"{members.Path}.context", limits.ContextCharacters);
        return new AskedQuestion
        {
            Id = withId ? members.FindText("id") : null,
            Question = question,
            Context = context,
            Path = members.Path,
        };
    }

    /// <exception cref="ProblemException">It is blank or too long.</exception>
    public static void Check(string text, string path, int most)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new ProblemException(Problem.Unusable($"{path} is blank, expected text."));
        if (text.Length > most)
            throw new ProblemException(Problem.TooLarge($"{path} has {text.Length:N0} characters, expected {most:N0} at most."));
    }
}
