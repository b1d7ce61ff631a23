using XDistilTorch.Cli.Doctor;
using XDistilTorch.Cli.Doctor.Checks;
using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Parity.Doctor;

/// <summary>Native libraries that are missing, cut off or too new for the system, found without loading them.</summary>
public sealed class NativeChecksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-native-").FullName;

    public NativeChecksTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF files are Linux's");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Sound => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    private void LinkAll(params string[] but)
    {
        foreach (var file in Directory.GetFiles(Sound).Where(file => !but.Contains(Path.GetFileName(file))))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
    }

    private Finding Files() => new NativeLibrariesCheck(() => NativeLibraries.In([folder])).Run();

    private static Finding System(Func<string, string?>? locate = null, Func<string, IReadOnlySet<string>>? versions = null) =>
        new SystemLibrariesCheck(
            () => NativeLibraries.In([Sound]),
            locate ?? SystemLibraries.Locate,
            versions ?? SystemLibraries.Versions
        ).Run();

    [Fact]
    public void What_came_along_is_followed_from_library_to_library()
    {
        var libraries = NativeLibraries.In([folder, Sound]);

        libraries.Problems.Should().BeEmpty();
        libraries.Folder.Should().Be(Sound);
        libraries.Files.Select(file => file.Name).Should().Contain([NativeLibraries.Root, "libtorch_cpu.so", "libc10.so"]);
    }

    [Fact]
    public void A_program_without_the_backend_is_told_where_it_was_looked_for()
    {
        var finding = Files();

        finding.State.Should().Be(CheckState.Failed);
        finding.Found.Should().Contain(NativeLibraries.Root).And.Contain(folder);
        finding.Remedy.Should().Contain("TorchSharp-cpu");
    }

    [Fact]
    public void A_missing_library_is_named()
    {
        LinkAll(but: "libtorch_cpu.so");

        Files().Should().Match<Finding>(f => f.State == CheckState.Failed && f.Found.Contains("libtorch_cpu.so is not there"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(100_000)]
    public void A_library_that_was_copied_in_part_is_named(int length)
    {
        LinkAll(but: "libc10.so");
        using (var whole = File.OpenRead(Path.Combine(Sound, "libc10.so")))
        {
            var part = new byte[length];
            whole.ReadExactly(part);
            File.WriteAllBytes(Path.Combine(folder, "libc10.so"), part);
        }

        Files().Should().Match<Finding>(f => f.State == CheckState.Failed && f.Found.Contains($"libc10.so: it ends at byte {length}"));
    }

    [Fact]
    public void What_is_no_library_is_named()
    {
        LinkAll(but: "libc10.so");
        File.WriteAllText(Path.Combine(folder, "libc10.so"), new string('x', 4096));

        Files().Found.Should().Contain("libc10.so: it is no 64-bit ELF library");
    }

    [Fact]
    public void Damage_anywhere_in_a_header_ends_in_a_finding()
    {
        LinkAll(but: "libc10.so");
        var whole = File.ReadAllBytes(Path.Combine(Sound, "libc10.so"));
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var bytes = (byte[])whole.Clone();
            var place = i % 2 == 0 ? random.Next(64) : bytes.Length - 1 - random.Next(2000); // the header, the table of sections
            bytes[place] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(Path.Combine(folder, "libc10.so"), bytes);

            FluentActions.Invoking(Files).Should().NotThrow($"byte {place}");
        }
    }

    [Fact]
    public void This_system_has_what_is_needed()
    {
        var finding = System();

        finding.State.Should().Be(CheckState.Ok, finding.Found);
        finding
            .Found.Should()
            .MatchRegex(@"^GLIBC_2\.\d+ needed, GLIBC_2\.\d+ present; GLIBCXX_3\.4\.\d+ needed, GLIBCXX_3\.4\.\d+ present$");
    }

    [Fact]
    public void A_system_library_that_is_missing_is_named() =>
        System(locate: name => name == "libstdc++.so.6" ? null : SystemLibraries.Locate(name))
            .Should()
            .Match<Finding>(f => f.State == CheckState.Failed && f.Found == "not on this system: libstdc++.so.6");

    [Theory]
    [InlineData("libc.so.6", "GLIBC_2.34", "*too old*")]
    [InlineData("libstdc++.so.6", "GLIBCXX_3.4.30", "*build targets*")]
    public void A_version_that_the_system_lacks_is_named_and_weak_ones_are_not_missed(string library, string version, string remedy)
    {
        var path = SystemLibraries.Locate(library)!;

        var finding = System(versions: file => SystemLibraries.Versions(file).Where(v => file != path || v != version).ToHashSet());

        finding.State.Should().Be(CheckState.Failed);
        finding.Found.Should().Be($"not on this system: {version} of {library}");
        finding.Remedy.Should().Match(remedy);
    }
}
