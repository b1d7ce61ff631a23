using System.CommandLine;
using XDistilTorch.Data;
using XDistilTorch.Formats;

namespace XDistilTorch.Cli;

/// <summary>The question file that a command reads, and how: its argument and options.</summary>
internal sealed class QuestionInput
{
    public const string StandardInput = "-";

    private readonly Terminal terminal;

    public QuestionInput(Terminal terminal, string description)
    {
        this.terminal = terminal;
        File = new Argument<string>("FILE") { Description = description };
        From.AcceptOnlyFromAmong([.. FormatNames.All]);
    }

    public Argument<string> File { get; }

    public Option<bool> NumberRows { get; } = new("--number-rows") { Description = "Give rows without an id their number as id" };

    public Option<string?> From { get; } =
        new("--from") { Description = "The file's format, where neither content nor name tells it", HelpName = "FORMAT" };

    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(NumberRows);
        command.Add(From);
    }

    /// <summary>What messages call the file.</summary>
    public string Name(ParseResult parsed) => IsStandardInput(parsed) ? "standard input" : parsed.GetValue(File)!;

    public bool IsStandardInput(ParseResult parsed) => parsed.GetValue(File) == StandardInput;

    public IEnumerable<DataItem> Read(ParseResult parsed, DataReaderOptions options, CancellationToken cancellation)
    {
        if (IsStandardInput(parsed) && terminal.InputIsKeyboard)
            throw new UsageException("FILE is -, but nothing is piped in.");
        var (read, format) = (options with { NumberRows = parsed.GetValue(NumberRows) }, FormatNames.Parse(parsed.GetValue(From)));
        var items = IsStandardInput(parsed)
            ? QuestionFile.Read(terminal.Input, Name(parsed), read, format)
            : QuestionFile.Read(parsed.GetValue(File)!, read, format);
        return Stoppable(items, cancellation);
    }

    private static IEnumerable<DataItem> Stoppable(IEnumerable<DataItem> items, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
