namespace XDistilTorch.Formats;

/// <summary>In which form a file holds questions.</summary>
public enum QuestionFormat
{
    /// <summary>Nested JSON as SQuAD 2.0: articles, paragraphs, questions; each context once.</summary>
    Squad,

    /// <summary>One JSON object a line, as Hugging Face publishes rows.</summary>
    JsonLines,

    /// <summary>The same rows as a JSON array.</summary>
    JsonArray,

    /// <summary>Cells with commas between them, quoted where needed (RFC 4180); the first line names the columns.</summary>
    Csv,

    /// <summary>The same with tabs.</summary>
    Tsv,

    /// <summary>Parquet with the columns of Hugging Face's <c>squad_v2</c>.</summary>
    Parquet,
}
