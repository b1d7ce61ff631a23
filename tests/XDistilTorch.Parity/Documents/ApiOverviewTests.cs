using System.Reflection;
using System.Text.RegularExpressions;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity.Documents;

/// <summary>The API overview names what is there: every type in its namespace and package, and no public namespace is left out.</summary>
public partial class ApiOverviewTests
{
    // The tool is no library, and the weights have no code.
    private static readonly string[] NoLibraries = ["XDistilTorch.Cli", "XDistilTorch.Weights"];

    public static TheoryData<string> Packages =>
        [
            .. Directory
                .GetFiles(Path.Combine(GoldenFolder.Repository, "src"), "*.csproj", SearchOption.AllDirectories)
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Except(NoLibraries)
                .Order(StringComparer.Ordinal),
        ];

    [Theory, MemberData(nameof(Packages))]
    public void Every_public_namespace_and_only_public_types_are_named(string package)
    {
        var there = Assembly.Load(package).GetExportedTypes().Where(type => !type.IsNested).ToLookup(type => type.Namespace!, Name);

        var named = Named(package);

        named.Keys.Should().BeEquivalentTo(there.Select(types => types.Key));
        foreach (var (name, types) in named)
        {
            types.Should().NotBeEmpty(name);
            types.Except(there[name]).Should().BeEmpty($"{name} has no such public types");
        }
    }

    private static string Name(Type type) => type.Name.Split('`')[0];

    private static Dictionary<string, List<string>> Named(string package)
    {
        var named = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var (here, types) = ("", new List<string>());
        foreach (var line in Document.Read("docs/api.md").Text.Split('\n'))
            if (line.StartsWith("## ", StringComparison.Ordinal))
                here = line[3..];
            else if (here == package && line.StartsWith("### `", StringComparison.Ordinal))
                named.Add(line[5..^1], types = []);
            else if (here == package && line.StartsWith("| `", StringComparison.Ordinal))
                types.AddRange(Code().Matches(line.Split('|')[1]).Select(code => code.Groups[1].Value));
        return named;
    }

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Code();
}
