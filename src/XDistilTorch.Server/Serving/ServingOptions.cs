namespace XDistilTorch.Server;

/// <summary>What is served, how, and to whom.</summary>
public sealed class ServingOptions
{
    /// <summary>The models; the first is the one that answers where none is named.</summary>
    public IList<ServedModel> Models { get; } = [];

    /// <summary>How they are loaded.</summary>
    public LoadingOptions Loading { get; set; } = new();

    /// <summary>How questions are answered that do not say otherwise.</summary>
    public AnswerOptions Answers { get; set; } = new();

    /// <summary>How much may be asked for.</summary>
    public ServingLimits Limits { get; set; } = new();

    /// <summary>Whose requests are answered; null: everybody's.</summary>
    public ApiKeys? Keys { get; set; }

    /// <summary>Whether logs may hold questions and answers; else they hold numbers only.</summary>
    public bool LogTexts { get; set; }
}
