using System.CommandLine;
using System.Text.Json;
using XDistilTorch.Cli.Converting;
using XDistilTorch.Conversion;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil model convert</c>: weights of any form as safetensors, in another type or number of files, held against the source.</summary>
internal sealed class ModelConvertCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Argument<string> source = new("source") { Description = "Model folder, or ORG/NAME of the hub", HelpName = "SOURCE" };
    private readonly Argument<string> output = new("out") { Description = "A new folder for the converted model", HelpName = "OUT" };
    private readonly Option<WeightType?> dtype = SharedOptions.Choice<WeightType>(
        "--dtype",
        "The type of the weights [default: as they are]"
    );
    private readonly Option<long?> maxShardSize = SizeOption.Create(
        "--max-shard-size",
        "Split the weights into files of at most so much, such as 20MB [default: one file]"
    );
    private readonly Option<bool> json = SharedOptions.Json("Print what was written as one JSON object");

    public ModelConvertCommand(Terminal terminal)
        : base("convert", "Rewrite a model's weights as safetensors, in another type or number of files, and check them")
    {
        this.terminal = terminal;
        Add(source);
        Add(output);
        foreach (var option in new Option[] { dtype, maxShardSize, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil model convert nbroad/xdistil-l12-h384-squad2 my-model",
        "xdistil model convert my-model my-model-fp16 --dtype fp16",
        "xdistil model convert my-model shards --max-shard-size 20MB --json",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var target = parsed.GetRequiredValue(output);
        if (target.Length == 0)
            throw new UsageException("OUT is empty, expected the name of a new folder.");
        ModelConversion.Check(target); // before a download
        var folder = ModelFolders.Named(parsed.GetRequiredValue(source), "SOURCE", terminal, cancellation);
        var options = new ConversionOptions { DType = parsed.GetValue(dtype)?.Torch(), MaxShardSize = parsed.GetValue(maxShardSize) };
        var report = ModelConversion.Convert(folder, target, options, cancellation);
        if (report.LeftOut.Count > 0)
            terminal.Tell($"{target}: left out: {string.Join(", ", report.LeftOut)}.");
        var record = ConversionRecord.Of(target, report);
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(JsonSerializer.Serialize(record, ConversionJson.OneLine.ConversionRecord));
        else
            ConversionPrinter.Print(terminal.Pretty, record);
        return ExitCode.Success;
    }
}
