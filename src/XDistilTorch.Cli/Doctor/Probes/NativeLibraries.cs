namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>A library that came along.</summary>
/// <param name="Name">As others ask for it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Needed">The libraries that it asks for.</param>
/// <param name="Versions">The versions of symbols that it asks for.</param>
internal sealed record NativeLibraryFile(string Name, string Path, IReadOnlyList<string> Needed, IReadOnlyList<VersionNeed> Versions);

/// <summary>
/// The native libraries that came along: TorchSharp's own and all that it asks for, read without loading them.
/// </summary>
internal sealed class NativeLibraries
{
    /// <summary>TorchSharp's own library, which asks for the others.</summary>
    public const string Root = "libLibTorchSharp.so";

    // What has to come along; the rest is the system's.
    private static readonly string[] Ours = ["libtorch", "libc10", "libgomp-"];

    private NativeLibraries(string? folder, IReadOnlyList<NativeLibraryFile> files, IReadOnlyList<string> problems) =>
        (Folder, Files, Problems) = (folder, files, problems);

    /// <summary>Where they are; null: nowhere.</summary>
    public string? Folder { get; }

    /// <summary>Those that are there and whole.</summary>
    public IReadOnlyList<NativeLibraryFile> Files { get; }

    /// <summary>What is wrong with the others.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Where this program looks for its native libraries.</summary>
    public static IReadOnlyList<string> SearchedFolders() =>
        [
            .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(
                System.IO.Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            ),
            AppContext.BaseDirectory,
        ];

    /// <summary>Reads them.</summary>
    /// <param name="folders">Where they may be; the first that has TorchSharp's own library counts.</param>
    public static NativeLibraries In(IReadOnlyList<string> folders)
    {
        if (folders.FirstOrDefault(f => File.Exists(System.IO.Path.Combine(f, Root))) is not { } folder)
            return new NativeLibraries(null, [], [$"{Root} is in none of {string.Join(", ", folders.Distinct())}"]);
        var files = new List<NativeLibraryFile>();
        var problems = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { Root };
        var waiting = new Queue<string>(seen);
        while (waiting.TryDequeue(out var name))
        {
            var path = System.IO.Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                if (Array.Exists(Ours, start => name.StartsWith(start, StringComparison.Ordinal)))
                    problems.Add($"{path} is not there");
                continue;
            }
            if (TryRead(name, path, problems) is not { } file)
                continue;
            files.Add(file);
            foreach (var needed in file.Needed.Where(seen.Add))
                waiting.Enqueue(needed);
        }
        return new NativeLibraries(folder, files, problems);
    }

    private static NativeLibraryFile? TryRead(string name, string path, List<string> problems)
    {
        try
        {
            using var elf = new ElfFile(path);
            return new NativeLibraryFile(name, path, [.. elf.Needed()], [.. elf.Needs()]);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"{path}: {e.Message}");
            return null;
        }
    }
}
