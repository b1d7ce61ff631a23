using System.Runtime.InteropServices;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>The system's own libraries, as the loader finds them.</summary>
internal static class SystemLibraries
{
    /// <summary>The file behind a name such as <c>libstdc++.so.6</c>; null where the loader finds none.</summary>
    public static string? Locate(string name)
    {
        if (!NativeLibrary.TryLoad(name, out _)) // stays loaded: it is one that the process needs anyway
            return null;
        // The loader does not say where it found it; the kernel lists what is mapped: libstdc++.so.6.0.30, in older systems libc-2.31.so.
        var old = name.Split('.')[0] + "-";
        return File.ReadLines("/proc/self/maps")
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "")
            .FirstOrDefault(path =>
                Path.GetFileName(path) is var file
                && (
                    file == name
                    || file.StartsWith(name + ".", StringComparison.Ordinal)
                    || (file.StartsWith(old, StringComparison.Ordinal) && file.EndsWith(".so", StringComparison.Ordinal))
                )
            );
    }

    /// <summary>The versions of symbols that a library has.</summary>
    /// <exception cref="InvalidDataException">It is no ELF library.</exception>
    public static IReadOnlySet<string> Versions(string path)
    {
        using var elf = new ElfFile(path);
        return elf.Definitions().ToHashSet(StringComparer.Ordinal);
    }
}
