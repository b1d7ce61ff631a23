namespace XDistilTorch.Data;

/// <summary>In which form questions are written.</summary>
public enum DataFormat
{
    /// <summary>Nested as SQuAD 2.0: articles, paragraphs, questions; each context once.</summary>
    Squad,

    /// <summary>One JSON object a line, as Hugging Face publishes rows.</summary>
    JsonLines,

    /// <summary>The same rows as a JSON array.</summary>
    JsonArray,
}
