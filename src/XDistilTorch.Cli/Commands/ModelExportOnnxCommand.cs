using System.CommandLine;
using System.Text.Json;
using XDistilTorch.Formats.Onnx;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil model export onnx</c>: the model as a standard ONNX graph, with the files that users of optimum and transformers.js expect beside it.</summary>
internal sealed class ModelExportOnnxCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> output = new("--output")
    {
        Description = "The folder to make; must not exist yet",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<bool> quantized = new("--quantized")
    {
        Description = $"Also write {OnnxExport.QuantizedFile}: weights in int8, activations quantised while it runs",
    };
    private readonly Option<bool> reduceRange = new("--reduce-range")
    {
        Description = "With --quantized: weights of 7 bits, exact on x86 processors without VNNI too",
    };
    private readonly Option<bool> json = SharedOptions.Json("Print what was written as one JSON object");

    public ModelExportOnnxCommand(Terminal terminal)
        : base("onnx", "Write the model as an ONNX graph, with tokenizer and config, for other runtimes")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { model, output, quantized, reduceRange, json })
            Add(option);
        SetAction(Run);
    }

    public IReadOnlyList<string> Examples { get; } =
    ["xdistil model export onnx --output my-onnx", "xdistil model export onnx --model my-model --output my-onnx --quantized --json"];

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(reduceRange) && !parsed.GetValue(quantized))
            throw new UsageException("--reduce-range is about the weights in int8; give --quantized too, or leave it out.");
        var target = parsed.GetValue(output)!;
        OnnxExport.RefuseExisting(target); // before anything is loaded
        var source = ModelFolders.Resolve(parsed.GetValue(model), terminal);

        using var loaded = BertForQuestionAnswering.FromPretrained(source);
        loaded.ExportOnnxFolder(target, BertTokenizer.FromPretrained(source), parsed.GetValue(quantized), parsed.GetValue(reduceRange));
        Print(OnnxExportSummary.Of(source, target), parsed.GetValue(json));
        return ExitCode.Success;
    }

    private void Print(OnnxExportSummary summary, bool asJson)
    {
        if (asJson)
            terminal.Output.WriteLine(JsonSerializer.Serialize(summary, OnnxExportJsonContext.OneLine.OnnxExportSummary));
        else
            foreach (var file in summary.Files)
                terminal.Output.WriteLine(
                    PlainText.WithoutControls($"{Path.Combine(summary.Output, file.Name)}: {Counted.Of(file.Bytes, "byte")}")
                );
    }
}
