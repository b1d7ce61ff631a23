using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Inspection.Recording;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect record</c>: values of chosen points, with their gradients where asked, to a file for NumPy or PyTorch.</summary>
internal sealed class InspectRecordCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly Option<string> points = new("--points")
    {
        Description = "Points by name: layer.3.Query, layer.0-3.LayerOutput, layer.*.AttentionProbabilities, *; commas between",
        HelpName = "P,P",
        Required = true,
    };
    private readonly Option<string> output = new("--output")
    {
        Description = "F.npz or F.safetensors, with all windows or the one that is chosen",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<bool> gradients = new("--gradients")
    {
        Description = "Also the gradients of the target's score by the same points",
    };
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();

    public InspectRecordCommand(Terminal terminal)
        : base("record", "Write values of chosen points, and gradients by them, to a file for NumPy or PyTorch")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        foreach (var option in new Option[] { points, output, gradients, target, overwrite })
            Add(option);
        inspecting.AddTo(this, withJson: false);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect record --question \"Who repaired the clock?\" --context-file clock.txt --points \"layer.*.AttentionProbabilities\" --output clock.npz",
        "xdistil inspect record --question \"Who?\" --points layer.11.LayerOutput,Logits --gradients --output last.safetensors < clock.txt",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(output)!;
        var isNpz = HasExtension(path, ".npz");
        if (!isNpz && !HasExtension(path, ".safetensors"))
            throw new UsageException($"--output is {path}, expected a name that ends in .npz or .safetensors.");
        if (parsed.GetValue(target) is not null && !parsed.GetValue(gradients))
            throw new UsageException("--target needs --gradients: it is the score that they are of.");
        FileCheck.Writable(path, parsed.GetValue(overwrite));
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var chosen = PointPattern.Find([parsed.GetValue(points)!], answerer.Model.Config.NumHiddenLayers);
        var looked = parsed.GetValue(gradients) ? InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed)) : null;
        var plan = RecordingPlan.Of(answerer.Model, chosen, Windows(parsed, question, looked), looked is not null);
        plan.Refuse(FreeBytes(path));

        using IRecordingFile file = isNpz ? new NpzRecording(path) : new SafeTensorsRecording(path, plan);
        var score = looked is null ? null : new DecisionSide(looked.Span).Score;
        foreach (var window in plan.Windows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var recording = WindowRecording.Of(answerer.Model, window, chosen, answerer.Device, score);
            file.Add(recording);
        }
        file.Commit();
        terminal.Tell(
            $"{path}: {Counted.Of(plan.Windows.Count, "window")}, {Counted.Of(chosen.Count, "point")} each{(score is null ? "" : $", with gradients of {score.Name}")}; {ByteSize.Of(new FileInfo(path).Length)}."
        );
        return ExitCode.Success;
    }

    // A score is one window's.
    private IReadOnlyList<InspectedWindow> Windows(ParseResult parsed, InspectedQuestion question, InspectedTarget? looked) =>
        looked is not null ? [looked.Window]
        : inspecting.Window(parsed) is { } number ? [question.Choose(number)]
        : question.Windows;

    private static bool HasExtension(string path, string extension) =>
        Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static long FreeBytes(string path) => new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
}
