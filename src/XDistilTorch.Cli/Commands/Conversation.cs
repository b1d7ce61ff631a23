using System.Text;

namespace XDistilTorch.Cli.Commands;

/// <summary>Questions typed one after the other, over one loaded model: first the text (unless it was given), then questions until an empty line.</summary>
internal sealed class Conversation(Terminal terminal, QuestionAnswerer answerer, AnswerOptions options, IAnswerPrinter printer)
    : IDisposable
{
    private readonly StreamReader keyboard = new(terminal.Input, new UTF8Encoding(false, throwOnInvalidBytes: true));

    public void Dispose() => keyboard.Dispose();

    public int Run(string? text, CancellationToken cancellation)
    {
        text ??= AskForText(cancellation);
        while (text is not null)
        {
            terminal.Error.Write("Question (empty line: end, /text: another text)> ");
            terminal.Error.Flush();
            var line = ReadLine()?.Trim();
            cancellation.ThrowIfCancellationRequested();
            if (string.IsNullOrEmpty(line))
                break;
            if (line == "/text")
                text = AskForText(cancellation);
            else
                Answer(line, text, cancellation);
        }
        return ExitCode.Success;
    }

    private void Answer(string question, string text, CancellationToken cancellation)
    {
        try
        {
            printer.Print(answerer.Answer(question, text, options, cancellation), text);
            terminal.Output.Flush();
        }
        catch (XDistilException e) // one question that cannot be answered does not end the conversation
        {
            terminal.Tell(e.Message);
        }
    }

    private string? ReadLine()
    {
        try
        {
            return keyboard.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException("what was typed is not UTF-8. Set the terminal to UTF-8.", e);
        }
    }

    private string? AskForText(CancellationToken cancellation)
    {
        terminal.Error.WriteLine("Text (end with an empty line)>");
        terminal.Error.Flush();
        var lines = new List<string>();
        while (ReadLine() is { } line)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!string.IsNullOrWhiteSpace(line))
                lines.Add(line);
            else if (lines.Count > 0)
                break;
        }
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }
}
