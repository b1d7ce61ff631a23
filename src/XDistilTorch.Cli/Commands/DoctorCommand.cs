using System.CommandLine;
using System.Text.Json;
using XDistilTorch.Cli.Doctor;
using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil doctor</c>: what is wrong with this installation, and how to repair it.</summary>
internal sealed class DoctorCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");

    public DoctorCommand(Terminal terminal)
        : base("doctor", "Check the installation: native libraries, processor, memory, engine, weights, a question")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { model, device, json })
            Add(option);
        SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
    }

    public IReadOnlyList<string> Examples { get; } = ["xdistil doctor", "xdistil doctor --json", "xdistil doctor --model my-model"];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        var checks = InstallationChecks.For(parsed.GetValue(model), parsed.GetValue(device)!, NativeLibraries.SearchedFolders());
        var checkup = Checkup.Run(checks, stop);
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(JsonSerializer.Serialize(checkup, CheckupJson.OneLine.CheckupRecord));
        else
            CheckupPrinter.Print(terminal.Pretty, checkup);
        return checkup.Ok ? ExitCode.Success : ExitCode.Failure;
    }
}
