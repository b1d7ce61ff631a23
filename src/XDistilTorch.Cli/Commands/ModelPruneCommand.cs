using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Cli.Pruning;
using XDistilTorch.Data;
using XDistilTorch.Formats;
using XDistilTorch.Modeling;
using XDistilTorch.Pruning;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil model prune</c>: a smaller model without some heads or layers, and what that costs and gains.</summary>
internal sealed class ModelPruneCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> output = new("--output")
    {
        Description = "A new folder for the smaller model",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<AttentionHead[]?> heads = HeadList.Option(
        "--heads",
        "Heads to remove, layer:head from 0, numbered as the model has them now; inspect importance --least prints such a list"
    );
    private readonly Option<int[]?> layers = NumberList.Option("--layers", "Layers to remove, from 0; those above move down");
    private readonly Option<string?> data = new("--data")
    {
        Description = "Questions with their answers; figures and speed are shown before and after",
        HelpName = "FILE",
    };
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");

    public ModelPruneCommand(Terminal terminal)
        : base("prune", "Remove heads or layers, and write the smaller model")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { model, output, heads, layers, data, device, numberRows, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    ["xdistil model prune --heads 0:2,3:0-5 --output smaller", "xdistil model prune --layers 3,7 --output smaller --data dev.json"];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        var prune = Chosen(parsed);
        var folder = ModelFolders.Resolve(parsed.GetValue(model), terminal, stop);
        var target = parsed.GetValue(output)!;
        PrunedFolder.Check(target);
        var rows = Questions(parsed);
        var pruned = PrunedFolder.Write(folder, target, prune);
        if (pruned.LeftOut.Count > 0)
            terminal.Tell(
                $"{target}: left out, as they belong to the model before: {string.Join(", ", pruned.LeftOut)}."
                    + (pruned.LeftOut.Contains(Calibration) ? " xdistil model calibrate fits probabilities anew." : "")
            );
        var comparison = rows is null ? null : Compare(folder, target, rows, parsed, stop);
        var record = PruningRecord.Of(folder, target, pruned, comparison);
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(JsonSerializer.Serialize(record, PruningJson.OneLine.PruningRecord));
        else
            PruningPrinter.Print(terminal.Pretty, record);
        return ExitCode.Success;
    }

    private const string Calibration = Decoding.Calibration.FileName;

    private Func<BertForQuestionAnswering, BertForQuestionAnswering> Chosen(ParseResult parsed)
    {
        return (parsed.GetValue(heads), parsed.GetValue(layers)) switch // an array that is not given is empty
        {
            ({ Length: > 0 }, { Length: > 0 }) => throw new UsageException(
                "--heads and --layers exclude each other: removing layers renumbers those above. Prune twice."
            ),
            ({ Length: > 0 } named, _) => whole => ModelPruning.Heads(whole, named),
            (_, { Length: > 0 } removed) => whole => ModelPruning.Layers(whole, removed),
            _ => throw new UsageException("what to remove is missing: give --heads or --layers."),
        };
    }

    private IReadOnlyList<QuestionRow>? Questions(ParseResult parsed)
    {
        if (parsed.GetValue(data) is not { } file)
            return parsed.GetValue(numberRows) ? throw new UsageException("--number-rows needs --data.") : null;
        FileCheck.Readable(file);
        var rows = QuestionFile.Load(file, DataUse.Evaluate, out _, new DataReaderOptions { NumberRows = parsed.GetValue(numberRows) });
        PruningComparison.Check(rows);
        return rows;
    }

    private ComparisonRecord Compare(
        string folder,
        string target,
        IReadOnlyList<QuestionRow> rows,
        ParseResult parsed,
        CancellationToken stop
    )
    {
        var loading = new LoadingOptions { Device = parsed.GetValue(device)! };
        using var before = QuestionAnswerer.FromPretrained(folder, loading);
        using var after = QuestionAnswerer.FromPretrained(target, loading);
        PruningComparison? comparison = null;
        ProgressDisplay.During(
            terminal,
            0,
            () => rows.Count,
            display => comparison = PruningComparison.Of(before, after, rows, new Shown(display, rows.Count), stop)
        );
        return ComparisonRecord.Of(parsed.GetValue(data)!, comparison!);
    }

    // Not Progress<T>: that would report from other threads, out of order.
    private sealed class Shown(ProgressDisplay display, int questions) : IProgress<PruningProgress>
    {
        public void Report(PruningProgress value) =>
            display.Report(
                value.Questions,
                _ => string.Create(CultureInfo.InvariantCulture, $"{value.Questions:N0} of {questions:N0} questions, both models")
            );
    }
}
