using System.CommandLine;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil tokenize</c>: what the model gets to see of a text.</summary>
internal sealed class TokenizeCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> text = new("--text") { Description = "The text", HelpName = "T" };
    private readonly Option<string?> pair = new("--pair") { Description = "A second text, as the context of a question", HelpName = "P" };
    private readonly Option<string?> input = new("--input")
    {
        Description = "A JSON Lines file with rows {\"text\": ..., \"pair\": ...}",
        HelpName = "FILE",
    };
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<bool> special = new("--special") { Description = "Add [CLS] and [SEP]; always so for pairs and windows" };
    private readonly Option<int?> maxLength = SharedOptions.OptionalCount("--max-length", "Cut into windows of at most so many tokens", 4);
    private readonly Option<int?> stride = SharedOptions.OptionalCount(
        "--stride",
        "Tokens that windows share [default: min(128, max-length / 2)]",
        0
    );
    private readonly Option<bool> json = SharedOptions.Json("Print JSON Lines: one line a row");

    public TokenizeCommand(Terminal terminal)
        : base("tokenize", "Show the tokens of texts: ids, places in the text, windows")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { text, pair, input, model, special, maxLength, stride, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil tokenize --text \"Unbelievable!\"",
        "xdistil tokenize --text \"Who?\" --pair \"Nobody knows.\" --json",
        "xdistil tokenize --input questions.jsonl --max-length 64 --stride 16 --json",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var rows = Rows(parsed);
        var tokenizer = BertTokenizer.FromPretrained(ModelFolders.Resolve(parsed.GetValue(model), terminal, cancellation));
        ITokenPrinter printer = parsed.GetValue(json)
            ? new JsonTokenPrinter(terminal.Output, tokenizer)
            : new TableTokenPrinter(terminal.Pretty, tokenizer);
        foreach (var (row, place) in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (parsed.GetValue(maxLength) is not null || parsed.GetValue(stride) is not null)
                printer.Print(Windows(tokenizer, row, parsed, place), row);
            else
                printer.Print(Encode(tokenizer, row, parsed.GetValue(special)), row);
        }
        return ExitCode.Success;
    }

    private static Encoding Encode(BertTokenizer tokenizer, TextRow row, bool special) =>
        row.Pair is null
            ? tokenizer.Encode(row.Text, new EncodeOptions { AddSpecialTokens = special })
            : tokenizer.Encode(row.Text, row.Pair);

    private IReadOnlyList<TokenWindow> Windows(BertTokenizer tokenizer, TextRow row, ParseResult parsed, string place)
    {
        var options = new WindowOptions(parsed.GetValue(maxLength) ?? 384, parsed.GetValue(stride));
        try
        {
            return row.Pair is null
                ? SingleTextWindows.Build(tokenizer, row.Text, options)
                : WindowBuilder.Build(tokenizer, row.Text, row.Pair, options);
        }
        catch (WindowException e)
        {
            throw new DataException($"{place}: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private IEnumerable<(TextRow Row, string Place)> Rows(ParseResult parsed)
    {
        if (parsed.GetValue(text) is { } given)
            return parsed.GetValue(input) is null
                ? [(new TextRow(given, parsed.GetValue(pair)), "--text")]
                : throw new UsageException("--text and --input exclude each other.");
        if (parsed.GetValue(pair) is not null)
            throw new UsageException("--pair needs --text.");
        if (parsed.GetValue(input) is { } file)
            return TextRow.Read(OpenFile(file), file);
        return terminal.InputIsKeyboard
            ? throw new UsageException("the text is missing: give --text, --input or standard input.")
            : TextRow.Read(terminal.Input, "standard input");
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
