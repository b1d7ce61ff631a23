using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

public class WalkThroughTests
{
    // Two digits are printed; the last one may be rounded otherwise on another processor.
    private const double Tolerance = 0.011;

    [Fact]
    public async Task The_walk_through_prints_what_its_page_shows()
    {
        var run = await ProcessRun.Dotnet(GoldenFolder.Repository, "run", "-c", BuiltTool.Configuration, "samples/WalkThrough.cs");

        var page = await File.ReadAllTextAsync(
            Path.Combine(GoldenFolder.Repository, "docs", "walk-through.md"),
            TestContext.Current.CancellationToken
        );
        var shown = page.Split("```text\n").Skip(1).Select(block => block.Split("```")[0].TrimEnd());
        ShownOutput.ShouldBe(run.Output, string.Join("\n\n", shown), Tolerance);
    }
}
