using System.Text.Json.Serialization;
using XDistilTorch.Server.Requests;

namespace XDistilTorch.Server;

/// <summary>How questions are to be answered; what is left out is the server's default.</summary>
internal sealed record AnswerParameters
{
    /// <summary>What makes answers of the model's scores: calibrated, squad or pipeline.</summary>
    [JsonPropertyName("decoder")]
    public DecoderKind? Decoder { get; init; }

    /// <summary>How many answers are listed.</summary>
    [JsonPropertyName("top_k")]
    public int? TopK { get; init; }

    /// <summary>Starts, ends and spans that the squad decoder keeps.</summary>
    [JsonPropertyName("n_best_size")]
    public int? NBestSize { get; init; }

    /// <summary>The longest window, in tokens.</summary>
    [JsonPropertyName("max_length")]
    public int? MaxLength { get; init; }

    /// <summary>How many tokens neighbouring windows share.</summary>
    [JsonPropertyName("stride")]
    public int? Stride { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    [JsonPropertyName("max_answer_length")]
    public int? MaxAnswerLength { get; init; }

    /// <summary>No answer when its score is better by more than this; not for pipeline.</summary>
    [JsonPropertyName("null_threshold")]
    public double? NullThreshold { get; init; }

    /// <summary>Always give an answer.</summary>
    [JsonPropertyName("always_answer")]
    public bool? AlwaysAnswer { get; init; }

    public static AnswerParameters? Read(JsonMembers parent, string name, ServingLimits limits)
    {
        if (parent.Find(name) is not { } element)
            return null;
        var members = new JsonMembers(
            element,
            $"{parent.Path}.{name}",
            "decoder",
            "top_k",
            "n_best_size",
            "max_length",
            "stride",
            "max_answer_length",
            "null_threshold",
            "always_answer"
        );
        var decoder = members.FindChoice<DecoderKind>("decoder");
        Refuse(members, "null_threshold", decoder == DecoderKind.Pipeline, "the pipeline decoder, where no answer competes with the spans");
        Refuse(
            members,
            "n_best_size",
            decoder is DecoderKind.Pipeline or DecoderKind.Calibrated,
            "this decoder, but for squad; how many answers are listed is top_k"
        );
        return new AnswerParameters
        {
            Decoder = decoder,
            TopK = members.FindCount("top_k", 1, limits.Answers),
            NBestSize = members.FindCount("n_best_size", 1, limits.Answers),
            MaxLength = members.FindCount("max_length", 4),
            Stride = members.FindCount("stride", 0),
            MaxAnswerLength = members.FindCount("max_answer_length", 1),
            NullThreshold = members.FindNumber("null_threshold"),
            AlwaysAnswer = members.FindFlag("always_answer"),
        };
    }

    private static void Refuse(JsonMembers members, string name, bool meaningless, string why)
    {
        if (meaningless && members.Find(name) is not null)
            throw new ProblemException(Problem.Unusable($"{members.Path}.{name} has no meaning for {why}."));
    }

    /// <summary>The options, where these leave something out those of the server.</summary>
    public AnswerOptions Over(AnswerOptions usual) =>
        usual with
        {
            Decoder = Decoder ?? usual.Decoder,
            TopK = TopK ?? usual.TopK,
            NBestSize = NBestSize ?? usual.NBestSize,
            MaxLength = MaxLength ?? usual.MaxLength,
            Stride = Stride ?? usual.Stride,
            MaxAnswerLength = MaxAnswerLength ?? usual.MaxAnswerLength,
            NullThreshold = NullThreshold ?? usual.NullThreshold,
            AlwaysAnswer = AlwaysAnswer ?? usual.AlwaysAnswer,
        };
}
