using System.Text;
using Spectre.Console;

namespace XDistilTorch.Cli;

/// <summary>Where a command reads and prints; a test gives its own.</summary>
/// <param name="Input">Standard input as bytes: its text is checked to be UTF-8.</param>
/// <param name="InputIsKeyboard">Whether a person may type there.</param>
/// <param name="Output">Results.</param>
/// <param name="Pretty">The same output for tables and colours.</param>
/// <param name="Error">Errors, progress and prompts.</param>
/// <param name="ErrorIsScreen">Whether a person looks at the error stream, so that progress may be drawn there.</param>
internal sealed record Terminal(
    Stream Input,
    bool InputIsKeyboard,
    TextWriter Output,
    IAnsiConsole Pretty,
    TextWriter Error,
    bool ErrorIsScreen = false
)
{
    /// <summary>One line (or several) on the error stream under the tool's name. Messages quote files, whose control characters are kept from the terminal.</summary>
    public void Tell(string message) => Error.WriteLine($"xdistil: {PlainText.WithoutControls(message)}");

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Terminal OfThisProcess()
    {
        var output = new StreamWriter(new StandardOutput(), Utf8, bufferSize: 1 << 14) { AutoFlush = false };
        return new Terminal(
            StandardInput.Open(),
            !Console.IsInputRedirected,
            output,
            PrettyOver(output, Console.IsOutputRedirected),
            new StreamWriter(new StandardError(), Utf8) { AutoFlush = true },
            !Console.IsErrorRedirected
        );
    }

    /// <summary>Tables and colours over a writer; on a terminal as wide as it is, elsewhere without colours and without breaking lines.</summary>
    public static IAnsiConsole PrettyOver(TextWriter output, bool redirected)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = InteractionSupport.No,
            }
        );
        if (redirected)
            console.Profile.Width = int.MaxValue / 4;
        return console;
    }
}
