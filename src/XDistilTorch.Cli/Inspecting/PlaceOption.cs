using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary><c>--at words|embeddings|LAYER</c>: at which vectors gradients are taken.</summary>
internal static class PlaceOption
{
    public static Option<AttributionPlace?> Create()
    {
        var option = new Option<AttributionPlace?>("--at")
        {
            Description = "Take gradients at the word vectors, the embeddings' output or that of a layer, from 0 [default: words]",
            HelpName = "words|embeddings|LAYER",
            CustomParser = Parse,
        };
        option.CompletionSources.Add("words", "embeddings");
        return option;
    }

    private static AttributionPlace? Parse(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "words":
                return AttributionPlace.Words;
            case "embeddings":
                return AttributionPlace.Embeddings;
            case var given when int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var layer):
                return AttributionPlace.Layer(layer);
            case var given:
                result.AddError($"--at is {given}, expected words, embeddings or the number of a layer.");
                return null;
        }
    }
}
