using XDistilTorch.Cli;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity.Documents;

/// <summary>What the documents show is what a reader gets: examples are run and compared, commands parsed, links followed.</summary>
public class DocumentTests
{
    // Scores differ in the last digits from processor to processor.
    private const double Tolerance = 0.002;

    // Screenshots are for what drawings cannot show, and stay in the history for ever.
    private const int MostScreenshots = 3;
    private const int MostBytes = 150_000;

    public static TheoryData<string, string, string> Examples =>
        [.. Document.All.SelectMany(document => document.Examples.Select(example => (document.Name, example.Command, example.Shown)))];

    public static TheoryData<string, string> Commands =>
        [
            .. Document.All.SelectMany(document =>
                document
                    .ShellTexts.SelectMany(ShellCommands.Of)
                    .Where(words => words[0] == "xdistil")
                    .Select(words => (document.Name, string.Join('\n', words.Skip(1))))
            ),
        ];

    public static TheoryData<string, string> Links =>
        [.. Document.All.SelectMany(document => document.Links.Select(link => (document.Name, link)))];

    [Theory, MemberData(nameof(Examples))]
    public async Task The_output_shown_is_the_output_and_nothing_is_left_behind(string document, string command, string shown)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell");
        var before = Entries();

        var run = await ProcessRun.Of("bash", ["-c", $"'{BuiltTool.Path}' {command}"], GoldenFolder.Repository);

        var actual = run.Output + run.Error;
        if (shown.EndsWith("...", StringComparison.Ordinal)) // shortened in the document
        {
            shown = shown[..^3].TrimEnd();
            actual = string.Join('\n', actual.Split('\n').Take(shown.Split('\n').Length));
        }
        ShownOutput.ShouldBe(actual, shown, Tolerance);
        var after = Entries();
        after.Except(before).Should().BeEmpty($"whoever tries {document} wants nothing left in the repository");
        before.Except(after).Should().BeEmpty($"whoever tries {document} wants nothing lost from the repository");
    }

    [Theory, MemberData(nameof(Commands))]
    public void Every_command_and_option_named_exists(string document, string arguments)
    {
        var terminal = new Terminal(
            Stream.Null,
            false,
            TextWriter.Null,
            Terminal.PrettyOver(TextWriter.Null, redirected: true),
            TextWriter.Null
        );
        var words = arguments.Split('\n');

        var parsed = new CommandLine(terminal).Root.Parse(words, new() { ResponseFileTokenReplacer = null });

        parsed.Errors.Select(error => error.Message).Should().BeEmpty($"{document} has: xdistil {string.Join(' ', words)}");
        parsed.CommandResult.Command.Action.Should().NotBeNull("a group of commands does nothing");
    }

    [Theory, MemberData(nameof(Links))]
    public void Every_link_leads_somewhere(string document, string link)
    {
        var (file, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = file.Length == 0 ? document : Document.Resolve(document, file);

        Path.Exists(Path.Combine(GoldenFolder.Repository, target)).Should().BeTrue($"{document} leads to {target}");
        if (anchor is not null)
            Document.Read(target).Anchors.Should().Contain(anchor);
    }

    [Fact]
    public void Every_picture_is_shown_and_stands_alone()
    {
        var folder = Path.Combine(GoldenFolder.Repository, "docs", "pictures");
        var pictures = Directory.GetFiles(folder).Where(file => !file.EndsWith(".cs", StringComparison.Ordinal)).ToList();
        var shown = Document.All.SelectMany(document =>
            document.Links.Where(link => link.Contains("pictures/", StringComparison.Ordinal)).Select(link => Path.GetFileName(link))
        );

        pictures.Select(Path.GetFileName).Should().BeEquivalentTo(shown.Distinct());
        foreach (var drawing in pictures.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)))
            DrawingCheck.ShouldStandAlone(drawing);
        var screenshots = pictures.Where(file => file.EndsWith(".png", StringComparison.Ordinal)).ToList();
        screenshots.Should().HaveCountLessThanOrEqualTo(MostScreenshots);
        screenshots.Should().OnlyContain(file => new FileInfo(file).Length <= MostBytes);
    }

    // Other tests run meanwhile; what they build goes to bin and obj.
    private static List<string> Entries() =>
        [
            .. Directory
                .GetFileSystemEntries(GoldenFolder.Repository)
                .Concat(
                    new[] { "docs", "samples" }.SelectMany(folder =>
                        Directory.GetFileSystemEntries(Path.Combine(GoldenFolder.Repository, folder), "*", SearchOption.AllDirectories)
                    )
                )
                .Where(entry => !Document.IsBuilt(entry))
                .Order(StringComparer.Ordinal),
        ];
}
