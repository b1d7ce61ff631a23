using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Parity.Doctor;

/// <summary>Limits of control groups, read from trees of files as the kernel shows them.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("xdistil-cgroup-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }

    [Fact]
    public void Without_control_groups_there_is_no_limit() => ControlGroup.OfThisProcess(root).Should().Be(new ControlGroup(null, null));

    [Fact]
    public void The_narrowest_group_of_those_above_counts()
    {
        Write("proc/self/cgroup", "0::/pods/mine");
        Write("sys/fs/cgroup/cgroup.controllers", "cpu memory");
        Write("sys/fs/cgroup/pods/cpu.max", "150000 100000");
        Write("sys/fs/cgroup/pods/mine/cpu.max", "max 100000");
        Write("sys/fs/cgroup/pods/memory.max", "max");
        Write("sys/fs/cgroup/pods/mine/memory.max", "1000000");
        Write("sys/fs/cgroup/pods/mine/memory.current", "700000");
        Write("sys/fs/cgroup/pods/mine/memory.stat", "anon 500000\ninactive_file 200000");

        ControlGroup.OfThisProcess(root).Should().Be(new ControlGroup(1.5, 500_000));
    }

    [Fact]
    public void The_first_version_is_read_too()
    {
        Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
        Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        ControlGroup.OfThisProcess(root).Should().Be(new ControlGroup(0.5, null));

        Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "400");
        ControlGroup.OfThisProcess(root).Should().Be(new ControlGroup(null, 600));
    }
}
