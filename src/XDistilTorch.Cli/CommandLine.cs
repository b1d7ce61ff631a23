using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Hub;

namespace XDistilTorch.Cli;

/// <summary>The command tree, and what becomes of a command's failure: one message on the error stream and an exit code.</summary>
internal sealed class CommandLine(Terminal terminal)
{
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Print stack traces of failures", Recursive = true };

    public RootCommand Root { get; } = BuildRoot(terminal);

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        // No response files: a question may begin with '@'.
        var parsed = Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            return WrongUsage(parsed.Errors.Select(e => e.Message).Distinct(), parsed);
        if ((SwallowedOption(parsed) ?? EmptyOption(parsed)) is { } wrong)
            return WrongUsage([wrong], parsed);
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            var result = await parsed.InvokeAsync(configuration, cancellation);
            await terminal.Output.FlushAsync(CancellationToken.None);
            return result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (ReaderLeftException)
        {
            return ExitCode.ReaderLeft;
        }
        catch (UsageException e)
        {
            return WrongUsage([e.Message], parsed);
        }
        catch (Exception e) when (e is XDistilException or HubException or IOException or UnauthorizedAccessException)
        {
            return Failure(e, parsed.GetValue(Verbose));
        }
        catch (Exception e)
        {
            // Not foreseen: our fault, and said so.
            terminal.Tell($"unexpected failure ({e.GetType().Name}), please report it (--verbose shows where):");
            return Failure(e, parsed.GetValue(Verbose));
        }
    }

    // "--question --json": the parser takes the option for the question.
    private static string? SwallowedOption(ParseResult parsed)
    {
        var options = parsed.CommandResult.Children.OfType<OptionResult>().ToList();
        var names = parsed.CommandResult.Command.Options.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        return options
            .SelectMany(o => o.Tokens, (o, token) => (o.Option.Name, token.Value))
            .Where(t => names.Contains(t.Value))
            .Select(t => $"{t.Name} is followed by {t.Value}, expected its value.")
            .FirstOrDefault();
    }

    private static readonly string[] NeverEmpty =
    [
        "--model",
        "--context-file",
        "--input",
        "--device",
        "--data",
        "--test-data",
        "--questions",
        "--contexts",
        "--output",
        "--predictions",
        "--na-probs",
        "--compare",
        "--report",
        "--titles",
        "--train-output",
        "--dev-output",
        "--train-file",
        "--dev-file",
        "--replay",
        "--config",
        "--teacher",
        "--with",
        "--html",
        "--revision",
        "--endpoint",
        "--bind",
        "--api-key-file",
    ];

    // "--model "$UNSET"": not the same as leaving the option out. A text or a question that is empty has a message of its own.
    private static string? EmptyOption(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<OptionResult>()
            .Where(o => NeverEmpty.Contains(o.Option.Name) && o.Tokens.Any(t => t.Value.Length == 0))
            .Select(o => $"{o.Option.Name} is empty, expected its value.")
            .FirstOrDefault();

    private int WrongUsage(IEnumerable<string> messages, ParseResult parsed)
    {
        foreach (var message in messages)
            terminal.Tell(message);
        var path = new List<string>();
        for (var symbol = parsed.CommandResult; symbol.Parent is CommandResult parent; symbol = parent)
            path.Insert(0, symbol.Command.Name);
        terminal.Error.WriteLine($"Try 'xdistil {string.Join(' ', path.Append("--help"))}'.");
        return ExitCode.WrongUsage;
    }

    private int Failure(Exception failure, bool verbose)
    {
        FlushResults(); // whole records that came before the failure
        terminal.Tell(verbose ? failure.ToString() : failure.Message);
        return ExitCode.Failure;
    }

    private void FlushResults()
    {
        try
        {
            terminal.Output.Flush();
        }
        catch (Exception e) when (e is XDistilException or ReaderLeftException)
        {
            // Standard output is what failed, and is told so already.
        }
    }

    private static RootCommand BuildRoot(Terminal terminal)
    {
        var root = new RootCommand("Answers questions from text with a 12-layer BERT, and shows how.")
        {
            new AskCommand(terminal),
            new PredictCommand(terminal),
            new EvaluateCommand(terminal),
            new TrainCommand(terminal),
            new Command("inspect", "Look inside: why the model answers as it does")
            {
                new InspectPointsCommand(terminal),
                new InspectRecordCommand(terminal),
                new InspectAblationCommand(terminal),
                new InspectPatchingCommand(terminal),
                new InspectKnockoutCommand(terminal),
                new InspectLensCommand(terminal),
                new InspectAttentionCommand(terminal),
                new InspectAttributionCommand(terminal),
                new InspectCompareCommand(terminal),
                new InspectImportanceCommand(terminal),
            },
            new TokenizeCommand(terminal),
            new ServeCommand(terminal),
            new Command("model", "Look at models, download, convert, calibrate, prune and export them")
            {
                new ModelInfoCommand(terminal),
                new ModelDownloadCommand(terminal),
                new ModelConvertCommand(terminal),
                new ModelCalibrateCommand(terminal),
                new ModelPruneCommand(terminal),
                new Command("export", "Write the model for other runtimes") { new ModelExportOnnxCommand(terminal) },
            },
            new Command("data", "Check, convert, split and label question files")
            {
                new DataCheckCommand(terminal),
                new DataConvertCommand(terminal),
                new DataLabelCommand(terminal),
                new DataSplitCommand(terminal),
            },
            new DoctorCommand(terminal),
            new CompletionsCommand(terminal),
        };
        root.Add(Verbose);
        root.SetAction(int (parsed) => throw new UsageException("a command is missing."));
        Examples.AddToHelp(root);
        return root;
    }
}
