using System.Text.RegularExpressions;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>What the README shows is what a reader gets: every console block with <c>$ xdistil</c> lines is run and compared.</summary>
public partial class ReadmeTests
{
    // Scores differ in the last digits from processor to processor.
    private const double Tolerance = 0.002;

    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (Match block in ConsoleBlock().Matches(File.ReadAllText(Path.Combine(GoldenFolder.Repository, "README.md"))))
            foreach (var example in block.Groups[1].Value.Split("$ xdistil ", StringSplitOptions.RemoveEmptyEntries))
                examples.Add(example.Split('\n')[0], string.Join('\n', example.Split('\n')[1..]).TrimEnd());
            return examples;
        }
    }

    [Theory, MemberData(nameof(Examples))]
    public async Task The_output_shown_is_the_output(string command, string shown)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell");
        var run = await ProcessRun.Of("bash", ["-c", $"'{BuiltTool.Path}' {command}"], GoldenFolder.Repository);

        var actual = run.Output + run.Error;
        if (shown.EndsWith("...", StringComparison.Ordinal)) // shortened in the README
        {
            shown = shown[..^3].TrimEnd();
            actual = string.Join('\n', actual.Split('\n').Take(shown.Split('\n').Length));
        }
        ShownOutput.ShouldBe(actual, shown, Tolerance);
    }

    [GeneratedRegex(@"```console\n(\$ xdistil .*?)```", RegexOptions.Singleline)]
    private static partial Regex ConsoleBlock();
}
