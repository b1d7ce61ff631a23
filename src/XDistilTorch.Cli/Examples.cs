using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace XDistilTorch.Cli;

/// <summary>A command that shows how it is used.</summary>
internal interface IHaveExamples
{
    /// <summary>Whole command lines.</summary>
    IReadOnlyList<string> Examples { get; }
}

/// <summary>Puts the examples of each command under its help.</summary>
internal static class Examples
{
    public static void AddToHelp(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction plain) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is IHaveExamples { Examples: var examples })
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var example in examples)
                    output.WriteLine($"  {example}");
            }
            return result;
        }
    }
}
