using XDistilTorch.Cli.Doctor.Probes;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Whether libtorch and TorchSharp's own library came along, whole.</summary>
internal sealed class NativeLibrariesCheck(Func<NativeLibraries> libraries) : ICheck
{
    private const string Remedy =
        "Install the tool again. In a program of your own, reference TorchSharp-cpu (or TorchSharp-cuda-linux) and keep all files of its output, runtimes/ included.";

    public string Name => CheckNames.NativeLibraries;

    public Finding Run()
    {
        if (!OperatingSystem.IsLinux())
            return Finding.Ok("read on Linux only; whether they load is what counts");
        var found = libraries();
        if (found.Problems.Count > 0)
            return Finding.Failed(string.Join("; ", found.Problems), Remedy);
        var bytes = found.Files.Sum(file => new FileInfo(file.Path).Length);
        return Finding.Ok($"{Counted.Of(found.Files.Count, "file")}, {ByteSize.Of(bytes)}, in {found.Folder}");
    }
}
