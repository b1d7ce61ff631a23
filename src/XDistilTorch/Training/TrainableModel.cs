using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;

namespace XDistilTorch.Training;

/// <summary>Where the weights of a model that is to be trained come from.</summary>
public sealed record TrainableModelOptions
{
    /// <summary>Where the model computes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The share of values that hidden and attention dropout leave out while training; null: the config's.</summary>
    public double? Dropout { get; init; }

    /// <summary>All weights random: only config and vocabulary are taken from the folder.</summary>
    public bool Random { get; init; }

    /// <summary>Random weights follow from it.</summary>
    public long Seed { get; init; } = 42;
}

/// <summary>Loads a folder as the beginning of a training: a question-answering model, a base encoder or a masked-language model.</summary>
public static class TrainableModel
{
    private const string Head = "qa_outputs";

    /// <summary>The model in single precision, in evaluation mode. A question-answering head that the checkpoint lacks is random.</summary>
    /// <param name="folder">A model folder in Hugging Face layout.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="report">What was loaded; <see cref="LoadReport.Missing"/> names the parts that are random. Null when all are.</param>
    /// <exception cref="XDistilException">Something is missing, broken or does not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dropout outside of 0 to 1.</exception>
    public static BertForQuestionAnswering Load(string folder, TrainableModelOptions? options, out LoadReport? report)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new TrainableModelOptions();
        if (options.Dropout is { } dropout and not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), dropout, "dropout: expected 0 or more and less than 1.");
        BertConfig Adjusted(BertConfig config) =>
            options.Dropout is { } share ? config with { HiddenDropoutProb = share, AttentionProbsDropoutProb = share } : config;
        var loading = new LoadingOptions { Device = options.Device };
        if (!options.Random)
            return PretrainedModel.Load(folder, loading, out report, Adjusted, [Head], model => Randomize(model, options.Seed));

        report = null;
        var device = Native.TorchDevice.Parse(options.Device);
        using var generator = Generator(options.Seed);
        var random = new BertForQuestionAnswering(
            Adjusted(BertConfig.FromFile(Path.Combine(folder, PretrainedModel.ConfigFile))),
            generator
        );
        random.to(device);
        random.eval();
        return random;
    }

    // Before the checkpoint is loaded over it: what the checkpoint lacks stays random.
    private static void Randomize(BertForQuestionAnswering model, long seed)
    {
        using var generator = Generator(seed);
        Initialization.Randomize(model.QaOutputs, model.Config, generator);
    }

    private static torch.Generator Generator(long seed) => new((ulong)RandomStream.SeedFor(seed, "weights", 0));
}
