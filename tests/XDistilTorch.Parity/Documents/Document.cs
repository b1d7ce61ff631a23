using System.Text.RegularExpressions;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity.Documents;

/// <summary>A Markdown file of the repository: its blocks of code, its links, its headings.</summary>
/// <param name="Name">Its path in the repository.</param>
/// <param name="Text">What it says.</param>
internal sealed partial record Document(string Name, string Text)
{
    /// <summary>Every document that readers get, of the repository and of its packages, samples, tools and weights.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        .. Directory
            .EnumerateFiles(GoldenFolder.Repository, "*.md")
            .Concat(
                new[] { "docs", "src", "samples", "tools", "weights" }.SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(GoldenFolder.Repository, folder), "*.md", SearchOption.AllDirectories)
                )
            )
            .Where(file => !IsBuilt(file))
            .Select(file => Read(Path.GetRelativePath(GoldenFolder.Repository, file)))
            .OrderBy(document => document.Name, StringComparer.Ordinal),
    ];

    public static Document Read(string name) => new(name, File.ReadAllText(Path.Combine(GoldenFolder.Repository, name)));

    /// <summary>Whether a build made the file or folder.</summary>
    public static bool IsBuilt(string path) =>
        Path.GetRelativePath(GoldenFolder.Repository, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    /// <summary>The path in the repository of a file that a document names.</summary>
    public static string Resolve(string document, string file) =>
        Path.GetRelativePath(
            GoldenFolder.Repository,
            Path.GetFullPath(Path.Combine(GoldenFolder.Repository, Path.GetDirectoryName(document)!, file))
        );

    /// <summary>Commands in console blocks, each with its output as it is shown.</summary>
    public IEnumerable<(string Command, string Shown)> Examples =>
        from block in Blocks("console")
        where block.StartsWith("$ xdistil ", StringComparison.Ordinal)
        from example in ("\n" + block).Split("\n$ xdistil ").Skip(1)
        let lines = example.Split('\n')
        select (lines[0], string.Join('\n', lines.Skip(1)).TrimEnd());

    /// <summary>Shell commands that are shown and not run: bash blocks, and lines with a prompt in text blocks.</summary>
    public IEnumerable<string> ShellTexts =>
        Blocks("bash")
            .Concat(
                Blocks("text")
                    .SelectMany(block => block.Split('\n'))
                    .Where(line => line.StartsWith("$ ", StringComparison.Ordinal))
                    .Select(line => line[2..])
            );

    /// <summary>C# that is shown whole, from its first using on.</summary>
    public IEnumerable<string> Programs => Blocks("csharp").Where(block => block.StartsWith("using ", StringComparison.Ordinal));

    /// <summary>Links and pictures within the repository.</summary>
    public IEnumerable<string> Links =>
        Link()
            .Matches(InlineCode().Replace(Prose, ""))
            .Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Distinct();

    /// <summary>The names under which its headings are reached, as GitHub makes them.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (Match heading in Heading().Matches(Prose))
            {
                var plain = LinkText().Replace(heading.Groups[1].Value, "$1").ToLowerInvariant();
                var anchor = NotInAnchors().Replace(plain, "").Replace(' ', '-');
                for (var again = 0; !anchors.Add(again == 0 ? anchor : $"{anchor}-{again}"); again++) { }
            }
            return anchors;
        }
    }

    private string Prose => Block().Replace(Text, "");

    private IEnumerable<string> Blocks(string language) =>
        Block().Matches(Text).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex NotInAnchors();
}
