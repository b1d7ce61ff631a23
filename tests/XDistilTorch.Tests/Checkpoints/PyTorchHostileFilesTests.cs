using XDistilTorch.Checkpoints;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Checkpoints;

public class PyTorchHostileFilesTests
{
    private const string Folder = FormatGoldens.Folder + "/hostile";
    private const string List = Folder + "/verdicts.json";

    public static IEnumerable<TheoryDataRow<string>> ToLoad => FormatGoldens.Names(List, "expected", "load");

    public static IEnumerable<TheoryDataRow<string>> ToRefuse => FormatGoldens.Names(List, "expected", "refuse");

    [Theory]
    [MemberData(nameof(ToLoad))]
    public void The_same_frame_with_nothing_hostile_loads(string name)
    {
        using var checkpoint = Checkpoint.Open(GoldenFolder.Require($"{Folder}/{name}"));

        checkpoint.Tensors.Should().NotBeEmpty();
        foreach (var tensor in checkpoint.Tensors.Keys)
            checkpoint.Read(tensor).Dispose();
    }

    [Theory]
    [MemberData(nameof(ToRefuse))]
    public void Hostile_files_are_refused_by_name_in_little_memory_and_run_nothing(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At(name);
        File.Copy(GoldenFolder.Require($"{Folder}/{name}"), path);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var open = () => Checkpoint.Open(path);

        open.Should().Throw<CheckpointException>().Which.Message.Should().StartWith(path);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8_000_000);
        folder.Names.Should().Equal(name);
        File.Exists("PWNED.txt").Should().BeFalse();
    }
}
