using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using XDistilTorch.Inspection;
using XDistilTorch.Modeling;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect points</c>: every place in the model that can be looked at or replaced.</summary>
internal sealed class InspectPointsCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<bool> json = SharedOptions.Json("Print JSON Lines: one point a line");

    public InspectPointsCommand(Terminal terminal)
        : base("points", "List every point of the model: name, shape, formula, and its name in Hugging Face's transformers")
    {
        this.terminal = terminal;
        Add(model);
        Add(json);
        SetAction(parsed => Run(parsed));
    }

    public IReadOnlyList<string> Examples { get; } = ["xdistil inspect points", "xdistil inspect points --model my-model --json"];

    private int Run(ParseResult parsed)
    {
        var config = BertConfig.FromFile(Path.Combine(ModelFolders.Resolve(parsed.GetValue(model), terminal), "config.json"));
        var points = PointDescription.All(config.NumHiddenLayers);
        if (parsed.GetValue(json))
        {
            foreach (var point in points)
                terminal.Output.WriteLine(
                    JsonSerializer.Serialize(
                        new PointLine(point.Name, point.Shape, point.Formula, point.HuggingFace),
                        PointLineJson.Default.PointLine
                    )
                );
            return ExitCode.Success;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumns("point", "shape", "formula", "in transformers");
        foreach (var point in points)
            table.AddRow(point.Name, point.Shape.EscapeMarkup(), point.Formula.EscapeMarkup(), point.HuggingFace.EscapeMarkup());
        terminal.Pretty.Write(table);
        terminal.Pretty.WriteLine("B windows, S tokens, H hidden units, D = H / heads, I units in the MLP.");
        return ExitCode.Success;
    }
}

internal sealed record PointLine(string Name, string Shape, string Formula, string HuggingFace);

[JsonSerializable(typeof(PointLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PointLineJson : JsonSerializerContext;
