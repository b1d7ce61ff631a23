namespace XDistilTorch.Testing;

/// <summary>
/// Where the reference values are: the folder named by the environment variable XDISTIL_GOLDENS, else tests/Goldens of this checkout.
/// A part that is absent makes the tests that need it skip.
/// </summary>
internal static class GoldenFolder
{
    /// <summary>The checkout's root folder, found from the test's own place.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of reference values in use; a relative name counts from the repository's root.</summary>
    public static string Root { get; } = FindRoot();

    public static string At(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Whether this file or folder of reference values is there.</summary>
    public static bool Has(string relative) => File.Exists(At(relative)) || Directory.Exists(At(relative));

    /// <summary>The path of a file or folder of reference values; the running test is skipped when it is absent.</summary>
    public static string Require(string relative)
    {
        Assert.SkipUnless(Has(relative), $"no {relative} among the reference values in {Root}");
        return At(relative);
    }

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable("XDISTIL_GOLDENS") is not { Length: > 0 } given)
            return Path.Combine(Repository, "tests", "Goldens");
        var root = Path.GetFullPath(given, Repository);
        // An absent part skips its tests; a mistyped folder must not skip them all.
        return Directory.Exists(root) ? root : throw new DirectoryNotFoundException($"XDISTIL_GOLDENS: there is no folder {root}");
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "XDistilTorch.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"no XDistilTorch.sln above {AppContext.BaseDirectory}");
    }
}
