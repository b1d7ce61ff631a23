namespace XDistilTorch.Cli;

/// <summary>How answers leave the tool: for people or for machines.</summary>
internal interface IAnswerPrinter
{
    /// <summary>Prints one answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="context">The text it is a slice of.</param>
    void Print(Answer answer, string context);
}

/// <summary>One JSON record a line.</summary>
internal sealed class JsonAnswerPrinter(TextWriter output) : IAnswerPrinter
{
    public void Print(Answer answer, string context) => output.WriteLine(answer.ToJson());
}
