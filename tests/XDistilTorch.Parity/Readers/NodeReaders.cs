using System.ComponentModel;
using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity.Readers;

/// <summary>Readers of model files that are not ours, from npm, installed once for a class of tests; its tests are skipped where that does not work.</summary>
public sealed class NodeReaders : IAsyncLifetime
{
    private static readonly string Sources = System.IO.Path.Combine(GoldenFolder.Repository, "tests", "XDistilTorch.Parity", "Readers");

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-readers-").FullName;
    private string? missing;

    public async ValueTask InitializeAsync()
    {
        foreach (var source in Directory.GetFiles(Sources).Where(file => System.IO.Path.GetExtension(file) is ".json" or ".mjs"))
            File.Copy(source, Path(System.IO.Path.GetFileName(source)));
        try
        {
            var install = await ProcessRun.Of(
                "npm",
                ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", "--fetch-timeout=20000"],
                folder
            );
            if (install.ExitCode != 0)
                missing = $"npm install failed: {install.Error}";
        }
        catch (Win32Exception e)
        {
            missing = $"npm is not installed: {e.Message}";
        }
    }

    /// <summary>A file or folder beside the readers.</summary>
    public string Path(string name) => System.IO.Path.Combine(folder, name);

    /// <summary>Runs a reader; the JSON it prints.</summary>
    public async Task<JsonElement> Read(string script, params string[] arguments)
    {
        Assert.SkipUnless(missing is null, missing ?? "");
        var run = await ProcessRun.Of("node", [script, .. arguments], folder);
        run.ExitCode.Should().Be(0, run.Error);
        return JsonElement.Parse(run.Output);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
