using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Server.Requests;

namespace XDistilTorch.Server;

/// <summary>What every inspection of an answer takes.</summary>
internal abstract record InspectionRequest
{
    private protected static readonly string[] Shared = ["model", "question", "context", "target", "window", "options"];

    /// <summary>Which model; left out: the server's first.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>The question.</summary>
    [JsonPropertyName("question")]
    public required string Question { get; init; }

    /// <summary>The text.</summary>
    [JsonPropertyName("context")]
    public required string Context { get; init; }

    /// <summary>The span to look at: its text, START:END in characters, or the word null for no answer; left out: the answer.</summary>
    [JsonPropertyName("target")]
    public string? Target { get; init; }

    /// <summary>Which window, from 0; left out: the answer's.</summary>
    [JsonPropertyName("window")]
    public int? Window { get; init; }

    /// <summary>How the question is to be answered.</summary>
    [JsonPropertyName("options")]
    public AnswerParameters? Options { get; init; }
}

/// <summary>Where the answer's tokens look, and who looks at them.</summary>
internal sealed record AttentionRequest : InspectionRequest
{
    private const int MostNumbers = 256;

    /// <summary>Layers, from 0; left out: all.</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Heads, from 0; left out: all.</summary>
    [JsonPropertyName("heads")]
    public IReadOnlyList<int>? Heads { get; init; }

    public static AttentionRequest Read(JsonElement root, ServingLimits limits)
    {
        var members = new JsonMembers(root, "$", [.. Shared, "layers", "heads"]);
        var asked = AskedQuestion.Read(members, limits, withId: false);
        return new AttentionRequest
        {
            Model = members.FindText("model"),
            Question = asked.Question,
            Context = asked.Context,
            Target = members.FindText("target"),
            Window = members.FindCount("window", 0),
            Options = AnswerParameters.Read(members, "options", limits),
            Layers = members.FindNumbers("layers", MostNumbers),
            Heads = members.FindNumbers("heads", MostNumbers),
        };
    }
}

/// <summary>Which words speak for an answer, for none, or for one over another.</summary>
internal sealed record AttributionQuery : InspectionRequest
{
    private const int MostSteps = 1_000;

    /// <summary>Explain why not this one: the target's score minus its score.</summary>
    [JsonPropertyName("against")]
    public string? Against { get; init; }

    /// <summary>gradient-x-input, integrated-gradients (if left out), occlusion, direct or all.</summary>
    [JsonPropertyName("method")]
    public string Method { get; init; } = AttributionMethod.IntegratedGradients;

    /// <summary>Steps of integrated gradients; left out: 30, and up to 400 while the completeness error is above 1 %.</summary>
    [JsonPropertyName("steps")]
    public int? Steps { get; init; }

    /// <summary>Where integrated gradients come from: mask (if left out) or pad.</summary>
    [JsonPropertyName("baseline")]
    public BaselineToken? Baseline { get; init; }

    /// <summary>Where gradients are taken: words (if left out), embeddings, or the number of a layer.</summary>
    [JsonPropertyName("at")]
    public string? At { get; init; }

    /// <summary>What occlusion masks as one: token, word (if left out) or sentence.</summary>
    [JsonPropertyName("unit")]
    public TokenUnitKind? Unit { get; init; }

    /// <summary>Whether insertion and deletion curves are wanted too.</summary>
    [JsonPropertyName("curves")]
    public bool Curves { get; init; }

    public static AttributionQuery Read(JsonElement root, ServingLimits limits)
    {
        var members = new JsonMembers(root, "$", [.. Shared, "against", "method", "steps", "baseline", "at", "unit", "curves"]);
        var asked = AskedQuestion.Read(members, limits, withId: false);
        return new AttributionQuery
        {
            Model = members.FindText("model"),
            Question = asked.Question,
            Context = asked.Context,
            Target = members.FindText("target"),
            Window = members.FindCount("window", 0),
            Options = AnswerParameters.Read(members, "options", limits),
            Against = members.FindText("against"),
            Method = members.FindChoice("method", AttributionMethod.Names) ?? AttributionMethod.IntegratedGradients,
            Steps = members.FindCount("steps", 1, MostSteps),
            Baseline = members.FindChoice<BaselineToken>("baseline"),
            At = members.FindText("at"),
            Unit = members.FindChoice<TokenUnitKind>("unit"),
            Curves = members.FindFlag("curves") ?? false,
        };
    }

    /// <summary>What the library is asked.</summary>
    /// <exception cref="ProblemException">There is no such place for gradients.</exception>
    public AttributionRequest ToRequest() =>
        new()
        {
            Methods = AttributionMethod.Of(Method),
            Target = Target,
            Against = Against,
            Steps = Steps,
            Baseline = Baseline ?? BaselineToken.Mask,
            At = Place(At),
            Unit = Unit ?? TokenUnitKind.Word,
            Curves = Curves,
        };

    private static AttributionPlace Place(string? at) =>
        at switch
        {
            null or "words" => AttributionPlace.Words,
            "embeddings" => AttributionPlace.Embeddings,
            _ when int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) => AttributionPlace.Layer(layer),
            _ => throw new ProblemException(Problem.Unusable($"$.at is {at}, expected words, embeddings or the number of a layer.")),
        };
}
