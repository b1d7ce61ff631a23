using System.CommandLine;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>The span that an <c>inspect</c> command looks at.</summary>
internal static class TargetOption
{
    public static Option<string?> New() =>
        new("--target")
        {
            Description = "The span to look at: its text, START:END in characters, or null for no answer [default: the answer]",
            HelpName = "SPAN",
        };
}
