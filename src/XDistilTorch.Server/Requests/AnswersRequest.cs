using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Server.Requests;

namespace XDistilTorch.Server;

/// <summary>One question about a text, or several about one or several texts.</summary>
internal sealed record AnswersRequest
{
    /// <summary>Which model; left out: the server's first.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>The question, where there is but one.</summary>
    [JsonPropertyName("question")]
    public string? Question { get; init; }

    /// <summary>The text; beside <c>questions</c> that of those which have none of their own.</summary>
    [JsonPropertyName("context")]
    public string? Context { get; init; }

    /// <summary>The questions, where there are several.</summary>
    [JsonPropertyName("questions")]
    public IReadOnlyList<AskedQuestion>? Questions { get; init; }

    /// <summary>How they are to be answered.</summary>
    [JsonPropertyName("options")]
    public AnswerParameters? Options { get; init; }

    /// <summary>All that is asked.</summary>
    [JsonIgnore]
    public IReadOnlyList<AskedQuestion> All => Questions ?? [new AskedQuestion { Question = Question!, Context = Context! }];

    public static AnswersRequest Read(JsonElement root, ServingLimits limits)
    {
        var members = new JsonMembers(root, "$", "model", "question", "context", "questions", "options");
        var (model, options) = (members.FindText("model"), AnswerParameters.Read(members, "options", limits));
        if (members.FindList("questions", limits.Questions) is not { } list)
        {
            var one = AskedQuestion.Read(members, limits, withId: false);
            return new AnswersRequest
            {
                Model = model,
                Question = one.Question,
                Context = one.Context,
                Options = options,
            };
        }
        if (members.Find("question") is not null)
            throw new ProblemException(Problem.BadRequest("unknown-member", "$.question stands beside $.questions, expected one of them."));
        if (list.Count == 0)
            throw new ProblemException(Problem.Unusable("$.questions is empty, expected one question at least."));
        var context = members.FindText("context");
        if (context is not null)
            AskedQuestion.Check(context, "$.context", limits.ContextCharacters);
        return new AnswersRequest
        {
            Model = model,
            Context = context,
            Questions =
            [
                .. list.Select(each =>
                    AskedQuestion.Read(new JsonMembers(each.Element, each.Path, "id", "question", "context"), limits, withId: true, context)
                ),
            ],
            Options = options,
        };
    }
}
