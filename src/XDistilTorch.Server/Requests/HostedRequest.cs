using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Server.Requests;

namespace XDistilTorch.Server;

/// <summary>A question in the shape of Hugging Face's hosted inference.</summary>
internal sealed record HostedRequest
{
    /// <summary>Question and text.</summary>
    [JsonPropertyName("inputs")]
    public required HostedInputs Inputs { get; init; }

    /// <summary>How it is to be answered.</summary>
    [JsonPropertyName("parameters")]
    public HostedParameters? Parameters { get; init; }

    public static HostedRequest Read(JsonElement root, ServingLimits limits)
    {
        var members = new JsonMembers(root, "$", "inputs", "parameters");
        if (members.Find("inputs") is not { } inputs)
            throw new ProblemException(
                Problem.BadRequest("missing-member", "$.inputs is missing, expected an object with question and context.")
            );
        var asked = AskedQuestion.Read(new JsonMembers(inputs, "$.inputs", "question", "context"), limits, withId: false);
        return new HostedRequest
        {
            Inputs = new HostedInputs(asked.Question, asked.Context),
            Parameters = HostedParameters.Read(members, limits),
        };
    }
}

/// <summary>Question and text.</summary>
/// <param name="Question">The question.</param>
/// <param name="Context">The text.</param>
internal sealed record HostedInputs(
    [property: JsonPropertyName("question")] string Question,
    [property: JsonPropertyName("context")] string Context
);

/// <summary>The parameters that Hugging Face's question-answering pipeline has, under its names.</summary>
internal sealed record HostedParameters
{
    /// <summary>How many answers; more than one are given as a list.</summary>
    [JsonPropertyName("top_k")]
    public int? TopK { get; init; }

    /// <summary>How many tokens neighbouring windows share.</summary>
    [JsonPropertyName("doc_stride")]
    public int? DocStride { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    [JsonPropertyName("max_answer_len")]
    public int? MaxAnswerLength { get; init; }

    /// <summary>The longest window, in tokens.</summary>
    [JsonPropertyName("max_seq_len")]
    public int? MaxLength { get; init; }

    /// <summary>Whether no answer may be the answer; as there, no if it is left out.</summary>
    [JsonPropertyName("handle_impossible_answer")]
    public bool? HandleImpossibleAnswer { get; init; }

    public static HostedParameters? Read(JsonMembers parent, ServingLimits limits)
    {
        if (parent.Find("parameters") is not { } element)
            return null;
        var members = new JsonMembers(
            element,
            "$.parameters",
            "top_k",
            "doc_stride",
            "max_answer_len",
            "max_seq_len",
            "handle_impossible_answer"
        );
        return new HostedParameters
        {
            TopK = members.FindCount("top_k", 1, limits.Answers),
            DocStride = members.FindCount("doc_stride", 0),
            MaxAnswerLength = members.FindCount("max_answer_len", 1),
            MaxLength = members.FindCount("max_seq_len", 4),
            HandleImpossibleAnswer = members.FindFlag("handle_impossible_answer"),
        };
    }

    /// <summary>The options, where these leave something out those of the server.</summary>
    public static AnswerOptions Over(HostedParameters? asked, AnswerOptions usual) =>
        usual with
        {
            TopK = asked?.TopK ?? 1,
            Stride = asked?.DocStride ?? usual.Stride,
            MaxAnswerLength = asked?.MaxAnswerLength ?? usual.MaxAnswerLength,
            MaxLength = asked?.MaxLength ?? usual.MaxLength,
            AlwaysAnswer = asked?.HandleImpossibleAnswer is not true,
        };
}

/// <summary>An answer in the shape of Hugging Face's hosted inference.</summary>
/// <param name="Answer">The slice of the text; "" for no answer.</param>
/// <param name="Score">The answer's probability.</param>
/// <param name="Start">Its first character, in code points; 0 for no answer.</param>
/// <param name="End">After its last character; 0 for no answer.</param>
internal sealed record HostedAnswer(
    [property: JsonPropertyName("answer")] string Answer,
    [property: JsonPropertyName("score")] double Score,
    [property: JsonPropertyName("start")] int Start,
    [property: JsonPropertyName("end")] int End
)
{
    /// <summary>The answer itself first; further spans with their own probabilities, at most as many as were asked for.</summary>
    public static IReadOnlyList<HostedAnswer> Of(Answer answer, int topK)
    {
        var first = new HostedAnswer(answer.Text, answer.Probability, answer.Start ?? 0, answer.End ?? 0);
        var others = answer.HasAnswer ? answer.Answers.Skip(1) : answer.Answers;
        return [.. others.Select(span => new HostedAnswer(span.Text, span.Probability, span.Start, span.End)).Prepend(first).Take(topK)];
    }
}
