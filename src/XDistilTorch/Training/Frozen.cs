using System.Globalization;
using XDistilTorch.Modeling;

namespace XDistilTorch.Training;

/// <summary>Parts of a model that training leaves as they are: they want no gradient, so nothing is kept for them and nothing propagated into them.</summary>
internal static class Frozen
{
    /// <exception cref="ArgumentOutOfRangeException">More layers than the model has.</exception>
    public static void Apply(BertForQuestionAnswering model, TrainingOptions options)
    {
        var layers = model.Config.NumHiddenLayers;
        if (options.FreezeLayers > layers)
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.FreezeLayers,
                $"the model has {layers} layers, expected at most as many to freeze."
            );
        foreach (var (name, parameter) in model.named_parameters())
            parameter.requires_grad = !Covers(options, name);
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
