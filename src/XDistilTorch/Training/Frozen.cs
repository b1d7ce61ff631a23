using System.Globalization;
using TorchSharp.Modules;
using XDistilTorch.Modeling;

namespace XDistilTorch.Training;

/// <summary>Parts of a model that training leaves as they are: they want no gradient, so nothing is kept for them and nothing propagated into them.</summary>
internal static class Frozen
{
    /// <returns>Those that wanted a gradient before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More layers than the model has.</exception>
    public static IReadOnlyList<Parameter> Apply(BertForQuestionAnswering model, TrainingOptions options)
    {
        var layers = model.Config.NumHiddenLayers;
        if (options.FreezeLayers > layers)
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.FreezeLayers,
                $"the model has {layers} layers, expected at most as many to freeze."
            );
        List<Parameter> frozen =
        [
            .. model.named_parameters().Where(p => p.parameter.requires_grad && Covers(options, p.name)).Select(p => p.parameter),
        ];
        foreach (var parameter in frozen)
            parameter.requires_grad = false;
        return frozen;
    }

    private static bool Covers(TrainingOptions options, string name) =>
        // Below a frozen layer nothing could be learnt without going back through it.
        (name.StartsWith("bert.embeddings.", StringComparison.Ordinal) && (options.FreezeEmbeddings || options.FreezeLayers > 0))
        || (LayerOf(name) is { } layer && layer < options.FreezeLayers);

    private static int? LayerOf(string name)
    {
        const string Prefix = "bert.encoder.layer.";
        return
            name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(
                name.AsSpan(Prefix.Length).ToString().Split('.')[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var layer
            )
            ? layer
            : null;
    }
}
