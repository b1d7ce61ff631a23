using System.Text;
using XDistilTorch.Cli;

namespace XDistilTorch.Parity.Commands;

/// <summary>One run of the command line within this process: what it printed and how it ended.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> Of(params string[] arguments) => await WithInput(null, arguments);

    /// <summary>With text on standard input; null: a person's keyboard.</summary>
    public static async Task<CommandRun> WithInput(byte[]? input, params string[] arguments) =>
        await WithInput(input, input is null, arguments);

    public static async Task<CommandRun> WithInput(byte[]? input, bool keyboard, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new MemoryStream(input ?? []), keyboard, output, Terminal.PrettyOver(output, redirected: true), error);
        var exitCode = await new CommandLine(terminal).RunAsync(arguments, TestContext.Current.CancellationToken);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The arguments followed by the bundled model: tests do not run in the repository's folder.</summary>
    public static string[] WithModel(params string[] arguments) => [.. arguments, "--model", BundledModel.Folder];

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void ShouldFail(int exitCode, string message)
    {
        Error.Should().Match(message);
        ExitCode.Should().Be(exitCode);
        Output.Should().BeEmpty("a failed command prints no half result");
        Error.Should().NotContain("   at ", "stack traces are for --verbose");
    }
}
