using System.Buffers.Binary;
using System.Text;
using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Parity;

/// <summary>
/// What the native files ask of a system, read from the files themselves: Debian 12, Ubuntu 22.04 and 24.04 have all of it.
/// </summary>
public class NativeFilesTests
{
    private static readonly Version NewestGlibcxx = new(3, 4, 30);
    private static readonly Version NewestGlibc = new(2, 35);

    // Those of the plots and of the tests' ONNX Runtime.
    private static readonly string[] OfOthers = ["Skia", "HarfBuzz", "onnxruntime"];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    public static TheoryData<string> Libraries =>
        [.. Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.so*").Select(f => Path.GetFileName(f)!) : []];

    [Fact]
    public void What_libtorch_has_for_Python_and_for_its_own_tests_stays_behind()
    {
        Assert.SkipUnless(Directory.Exists(Folder), "another platform's files");

        Directory
            .GetFiles(Folder)
            .Select(file => Path.GetFileName(file)!)
            .Where(file => !OfOthers.Any(name => file.Contains(name, StringComparison.Ordinal)))
            .Should()
            .BeEquivalentTo("libLibTorchSharp.so", "libc10.so", "libgomp-98b21ff3.so.1", "libtorch.so", "libtorch_cpu.so");
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Libraries))]
    public void No_library_strongly_needs_a_newer_system(string library)
    {
        foreach (var (version, weak) in ElfNeeds.Of(File.ReadAllBytes(Path.Combine(Folder, library))))
        {
            if (weak)
                continue;
            if (version.StartsWith("GLIBCXX_", StringComparison.Ordinal))
                Parse(version["GLIBCXX_".Length..]).Should().BeLessThanOrEqualTo(NewestGlibcxx, $"{library} needs {version}");
            else if (version.StartsWith("GLIBC_", StringComparison.Ordinal) && char.IsDigit(version[6]))
                Parse(version["GLIBC_".Length..]).Should().BeLessThanOrEqualTo(NewestGlibc, $"{library} needs {version}");
        }
    }

    [Fact]
    public void The_patched_library_keeps_its_one_newer_need_as_a_weak_one()
    {
        var needs = ElfNeeds.Of(File.ReadAllBytes(Path.Combine(Folder, "libLibTorchSharp.so"))).ToList();

        needs
            .Where(n => n.Version.StartsWith("GLIBCXX_", StringComparison.Ordinal) && Parse(n.Version[8..]) > NewestGlibcxx)
            .Should()
            .OnlyContain(n => n.Weak);
        needs.Should().Contain(n => n.Weak).And.Contain(n => !n.Weak);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Libraries))]
    public void The_doctor_reads_the_same_needs(string library)
    {
        var path = Path.Combine(Folder, library);
        using var elf = new ElfFile(path);

        elf.Needs().Select(need => (need.Version, need.IsWeak)).Should().Equal(ElfNeeds.Of(File.ReadAllBytes(path)));
    }

    [Fact]
    public void The_package_cache_still_has_the_original()
    {
        var torchSharp = Path.Combine(BuiltTool.PackageCache, "torchsharp");
        var original = Directory.Exists(torchSharp)
            ? Directory.GetFiles(torchSharp, "libLibTorchSharp.so", SearchOption.AllDirectories)
            : [];
        Assert.SkipWhen(original.Length == 0, "no package cache where it usually is");

        foreach (var file in original)
            ElfNeeds.Of(File.ReadAllBytes(file)).Should().NotContain(n => n.Weak, $"{file} belongs to every project of this user");
    }

    [Fact]
    public void Only_this_platforms_files_are_brought_along() =>
        Directory
            .GetDirectories(Path.Combine(AppContext.BaseDirectory, "runtimes"))
            .Select(Path.GetFileName)
            .Should()
            .NotContain(["win-x64", "osx-arm64"]);

    private static Version Parse(string version) =>
        Version.Parse(version.Contains('.', StringComparison.Ordinal) ? version : version + ".0");

    /// <summary>The version needs of a 64-bit little-endian ELF file (section .gnu.version_r).</summary>
    private static class ElfNeeds
    {
        private const uint NeededVersions = 0x6ffffffe;

        public static IEnumerable<(string Version, bool Weak)> Of(byte[] elf)
        {
            long sections = BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(0x28));
            int size = U16(elf, 0x3a),
                count = U16(elf, 0x3c);
            for (var s = 0; s < count; s++)
            {
                var header = (int)sections + s * size;
                if (U32(elf, header + 4) != NeededVersions)
                    continue;
                var names = (int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan((int)sections + (int)U32(elf, header + 40) * size + 24));
                var at = (int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(header + 24));
                for (var files = U32(elf, header + 44); files > 0; files--)
                {
                    var aux = at + (int)U32(elf, at + 8);
                    for (int n = U16(elf, at + 2); n > 0; n--)
                    {
                        yield return (Name(elf, names + (int)U32(elf, aux + 8)), (U16(elf, aux + 4) & 2) != 0);
                        aux += (int)U32(elf, aux + 12);
                    }
                    at += (int)U32(elf, at + 12);
                }
            }
        }

        private static ushort U16(byte[] elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at));

        private static uint U32(byte[] elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(at));

        private static string Name(byte[] elf, int at) => Encoding.ASCII.GetString(elf, at, Array.IndexOf(elf, (byte)0, at) - at);
    }
}
