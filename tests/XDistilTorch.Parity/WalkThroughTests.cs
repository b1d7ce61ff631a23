using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

public class WalkThroughTests
{
    // Two digits are printed; the last one may be rounded otherwise on another processor.
    private const double Tolerance = 0.011;

    private static string Samples => Path.Combine(GoldenFolder.Repository, "samples");

    [Fact]
    public async Task The_walk_through_prints_what_its_page_shows()
    {
        var before = Directory.GetFileSystemEntries(Samples);

        var run = await ProcessRun.Dotnet(GoldenFolder.Repository, "run", "-c", BuiltTool.Configuration, "samples/WalkThrough.cs");

        Directory.GetFileSystemEntries(Samples).Except(before).Should().BeEmpty("a program of one file is built elsewhere");
        var page = await File.ReadAllTextAsync(
            Path.Combine(GoldenFolder.Repository, "docs", "walk-through.md"),
            TestContext.Current.CancellationToken
        );
        var shown = page.Split("```text\n").Skip(1).Select(block => block.Split("```")[0].TrimEnd());
        ShownOutput.ShouldBe(run.Output, string.Join("\n\n", shown), Tolerance);
    }
}
