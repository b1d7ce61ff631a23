using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Recording;
using XDistilTorch.Modeling;

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
        Description = "F.npz (all windows) or F.safetensors (one window)",
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
        var isNpz = Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase);
        if (!isNpz && !Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output is {path}, expected a name that ends in .npz or .safetensors.");
        if (parsed.GetValue(target) is not null && !parsed.GetValue(gradients))
            throw new UsageException("--target needs --gradients: it is the score that they are of.");
        FileCheck.Writable(path, parsed.GetValue(overwrite));
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var chosen = PointPattern.Find([parsed.GetValue(points)!], answerer.Model.Config.NumHiddenLayers);
        var looked = parsed.GetValue(gradients) ? InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed)) : null;
        var windows = Windows(parsed, question, looked, isNpz);
        RefuseTooMuch(answerer.Model.Config, chosen, windows, looked is not null);
        var score =
            looked is null ? null
            : looked.Span is { } span ? LogitTarget.Span(span)
            : LogitTarget.Null;

        using var archive = isNpz ? new NpzRecording(path) : null;
        foreach (var window in windows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var recording = WindowRecording.Of(answerer.Model, window, chosen, answerer.Device, score);
            if (archive is null)
                SafeTensorsRecording.Write(path, recording);
            else
                archive.Add(recording);
        }
        archive?.Commit();
        terminal.Tell(
            $"{path}: {Counted.Of(windows.Count, "window")}, {Counted.Of(chosen.Count, "point")} each{(score is null ? "" : $", with gradients of {score.Name}")}."
        );
        return ExitCode.Success;
    }

    // A score is one window's, and so is a safetensors file.
    private IReadOnlyList<InspectedWindow> Windows(ParseResult parsed, InspectedQuestion question, InspectedTarget? looked, bool isNpz)
    {
        if (looked is not null)
            return [looked.Window];
        return inspecting.Window(parsed) is not null || !isNpz ? [question.Choose(inspecting.Window(parsed))] : question.Windows;
    }

    private static void RefuseTooMuch(
        BertConfig config,
        IReadOnlyList<Point> chosen,
        IReadOnlyList<InspectedWindow> windows,
        bool withGradients
    )
    {
        var needed = WindowRecording.Bytes(config, chosen, windows.Max(window => window.Length), elementSize: 4, withGradients);
        MemoryBudget.Refuse(
            needed,
            "one window of these points",
            "Ask for fewer points or layers (--points), or shorter windows (--max-length)."
        );
    }
}
