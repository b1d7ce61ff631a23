using System.Diagnostics;

namespace XDistilTorch.Parity;

/// <summary>Whole processes: what they printed and how they ended.</summary>
internal sealed record ProcessRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end.</summary>
    public static async Task<ProcessRun> Of(
        string file,
        IEnumerable<string> arguments,
        string? folder = null,
        string? input = null,
        params (string, string?)[] environment
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        // The test host's own settings would steer the builds and runs under test.
        foreach (
            var name in start
                .Environment.Keys.Where(k =>
                    k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k.StartsWith("VSTEST", StringComparison.Ordinal)
                )
                .ToList()
        )
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        return new ProcessRun(process.ExitCode, await output, await error);
    }

    /// <summary>Runs <c>dotnet</c>, which must succeed.</summary>
    public static async Task<ProcessRun> Dotnet(string folder, params string[] arguments)
    {
        var run = await Of("dotnet", arguments, folder);
        run.ExitCode.Should().Be(0, $"dotnet {string.Join(' ', arguments)}\n{run.Output}\n{run.Error}");
        return run;
    }
}
