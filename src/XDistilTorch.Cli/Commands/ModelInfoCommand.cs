using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil model info</c>: what is in a model folder, and what is wrong with it.</summary>
internal sealed class ModelInfoCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");

    public ModelInfoCommand(Terminal terminal)
        : base("info", "Show what a model folder holds and whether it can be loaded")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { model, device, json })
            Add(option);
        SetAction(parsed => Run(ModelFolders.Resolve(parsed.GetValue(model), terminal), parsed.GetValue(device)!, parsed.GetValue(json)));
    }

    public IReadOnlyList<string> Examples { get; } = ["xdistil model info", "xdistil model info --model my-model --json"];

    private int Run(string folder, string deviceName, bool asJson)
    {
        var info = ModelInfo.Of(folder, deviceName);
        if (asJson)
            terminal.Output.WriteLine(JsonSerializer.Serialize(info, ModelInfoJsonContext.OneLine.ModelInfo));
        else
            PrintTable(info);
        foreach (var problem in info.Problems)
            terminal.Tell(problem);
        return info.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private void PrintTable(ModelInfo info)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        void Row(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                grid.AddRow($"[bold]{name.EscapeMarkup()}[/]", value.EscapeMarkup());
        }
        Row("folder", info.Folder);
        if (info.Config is { } config)
        {
            Row("architecture", string.Join(", ", config.Architectures));
            Row(
                "layers",
                $"{config.Layers} of {config.HiddenSize} units, {config.Heads} heads, intermediate {config.IntermediateSize}, {config.Activation}"
            );
            Row(
                "pruned heads",
                string.Join("; ", config.PrunedHeads.OrderBy(layer => layer.Key).Select(layer => Pruned(layer.Key, layer.Value)))
            );
            Row("longest window", $"{config.MaxPositions} tokens");
            Row("taken by default", string.Join(", ", config.Defaulted));
            Row("ignored settings", string.Join(", ", config.Ignored));
        }
        foreach (var (part, count) in info.Parameters)
            Row($"parameters: {part}", count.ToString("N0", CultureInfo.InvariantCulture));
        Row("stored as", string.Join(", ", info.DTypes));
        Row("tokenizer", info.Tokenizer);
        foreach (var note in info.Notes)
            Row("note", note);
        foreach (var file in info.Files)
            Row(file.Name, string.Create(CultureInfo.InvariantCulture, $"{file.Bytes:N0} bytes, sha256 {file.Sha256}"));
        Row("device", info.Device);
        Row("engine", info.Engine);
        foreach (var (name, version) in info.Versions)
            Row(name, version);
        terminal.Pretty.Write(grid);
    }

    private static string Pruned(int layer, IReadOnlyList<int> heads) =>
        string.Create(CultureInfo.InvariantCulture, $"layer {layer}: {string.Join(", ", heads)}");
}
