using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil ask</c>: answers questions from one text.</summary>
internal sealed class AskCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string[]> question = new("--question")
    {
        Description = "The question; may be given several times",
        HelpName = "Q",
    };
    private readonly Option<string?> context = new("--context") { Description = "The text", HelpName = "TEXT" };
    private readonly Option<string?> contextFile = new("--context-file") { Description = "A file with the text, UTF-8", HelpName = "FILE" };
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<int> topK = SharedOptions.Count("--top-k", "How many answers to list", 1, 1);
    private readonly Option<int?> maxLength = SharedOptions.OptionalCount("--max-length", "Longest window, in tokens [default: 384]", 4);
    private readonly Option<int?> stride = SharedOptions.OptionalCount(
        "--stride",
        "Tokens that windows share [default: min(128, max-length / 2)]",
        0
    );
    private readonly Option<int?> maxAnswerLength = SharedOptions.OptionalCount(
        "--max-answer-length",
        "Longest answer, in tokens [default: 30]",
        1
    );
    private readonly Option<float> nullThreshold = new("--null-threshold")
    {
        Description = "No answer when its score is better by more than this",
        HelpName = "T",
        DefaultValueFactory = _ => 0,
        CustomParser = Threshold,
    };
    private readonly Option<bool> alwaysAnswer = new("--always-answer") { Description = "Always give an answer, as in SQuAD 1.1" };
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<bool> json = SharedOptions.Json("Print JSON Lines: one answer record a question");

    public AskCommand(Terminal terminal)
        : base("ask", "Answer questions from a text; without arguments on a terminal, ask for both")
    {
        this.terminal = terminal;
        foreach (
            var option in new Option[]
            {
                question,
                context,
                contextFile,
                model,
                topK,
                maxLength,
                stride,
                maxAnswerLength,
                nullThreshold,
                alwaysAnswer,
                device,
                json,
            }
        )
            Add(option);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil ask --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil ask --question \"Who?\" --question \"When?\" --top-k 3 --json < clock.txt",
        "xdistil ask",
    ];

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var questions = parsed.GetValue(question) ?? [];
        if (parsed.GetValue(context) is not null && parsed.GetValue(contextFile) is not null)
            throw new UsageException("--context and --context-file exclude each other.");
        var longest = (parsed.GetValue(maxLength) ?? 384) - 2;
        if (parsed.GetValue(stride) > longest)
            throw new UsageException(
                $"--stride is {parsed.GetValue(stride)}, expected at most {longest}: windows share tokens of the text, beside the special ones."
            );
        if (questions.Length == 0 && !terminal.InputIsKeyboard)
            throw new UsageException("--question is missing.");
        var text = Text(parsed, required: questions.Length > 0);
        if (Array.FindIndex(questions, string.IsNullOrWhiteSpace) is var blank and >= 0) // before anything is loaded or answered
            throw new DataException(
                $"question {blank + 1} of {questions.Length}: the question is blank, expected a question such as \"Who repaired the clock?\"."
            );
        if (text is not null && string.IsNullOrWhiteSpace(text))
            throw new DataException($"the text is blank ({Source(parsed)}), expected a text in which the answer may stand.");

        var folder = ModelFolders.Resolve(parsed.GetValue(model));
        var options = AnswerOptions(parsed);
        using var answerer = QuestionAnswerer.FromPretrained(folder, new LoadingOptions { Device = parsed.GetValue(device)! });
        IAnswerPrinter printer = parsed.GetValue(json)
            ? new JsonAnswerPrinter(terminal.Output)
            : new HumanAnswerPrinter(terminal, options.TopK, questions.Length != 1);
        if (questions.Length == 0)
        {
            using var conversation = new Conversation(terminal, answerer, options, printer);
            return Task.FromResult(conversation.Run(text, cancellation));
        }

        // One by one, so that each answer is printed as soon as it is there; the text's windows dominate, not the questions.
        foreach (var each in questions)
        {
            printer.Print(answerer.Answer(each, text!, options, cancellation), text!);
            terminal.Output.Flush();
        }
        return Task.FromResult(ExitCode.Success);
    }

    private string? Text(ParseResult parsed, bool required)
    {
        if (parsed.GetValue(context) is { } given)
            return given;
        if (parsed.GetValue(contextFile) is { } file)
            return TextInput.ReadFile(file);
        if (!terminal.InputIsKeyboard)
            return TextInput.ReadAll(terminal.Input);
        return required ? throw new UsageException("the text is missing: give --context, --context-file or standard input.") : null;
    }

    private string Source(ParseResult parsed) =>
        parsed.GetValue(context) is not null ? "--context" : parsed.GetValue(contextFile) ?? "standard input";

    // The default parser would read "1,5" as 15.
    private static float Threshold(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        if (float.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold) && float.IsFinite(threshold))
            return threshold;
        result.AddError($"--null-threshold is {given}, expected a number such as -3.22.");
        return 0;
    }

    private AnswerOptions AnswerOptions(ParseResult parsed) =>
        new()
        {
            TopK = parsed.GetValue(topK),
            MaxLength = parsed.GetValue(maxLength),
            Stride = parsed.GetValue(stride),
            MaxAnswerLength = parsed.GetValue(maxAnswerLength),
            NullThreshold = parsed.GetValue(nullThreshold),
            AlwaysAnswer = parsed.GetValue(alwaysAnswer),
        };
}
