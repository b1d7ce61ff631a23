using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using XDistilTorch.Tokenization;

namespace XDistilTorch;

/// <summary>A model folder in Hugging Face layout: its parts, read and fitted together. (Here, so that the modules themselves know nothing of files.)</summary>
public static class PretrainedModel
{
    internal const string ConfigFile = PretrainedFiles.ConfigFile;

    extension(BertForQuestionAnswering)
    {
        /// <summary>Loads a folder in Hugging Face layout, in evaluation mode.</summary>
        /// <param name="folder">Holds config.json and the weights: safetensors (whole or in shards) or pytorch_model.bin.</param>
        /// <param name="options">Device and type; null takes the defaults (CPU, fp32).</param>
        /// <exception cref="XDistilException">Something is missing, broken or does not fit together; the message names file, finding, expectation and remedy.</exception>
        public static BertForQuestionAnswering FromPretrained(string folder, LoadingOptions? options = null) =>
            Load(folder, options ?? new LoadingOptions(), out _);
    }

    /// <summary>The model in evaluation mode on its device, every weight from the checkpoint.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">Device and type.</param>
    /// <param name="report">What was loaded.</param>
    /// <param name="adjust">Changes the config before the model is made; null: not.</param>
    /// <param name="mayBeMissing">Parts that the checkpoint need not have.</param>
    /// <param name="initialize">Fills those parts, before the checkpoint is loaded.</param>
    internal static BertForQuestionAnswering Load(
        string folder,
        LoadingOptions options,
        out LoadReport report,
        Func<BertConfig, BertConfig>? adjust = null,
        IReadOnlyList<string>? mayBeMissing = null,
        Action<BertForQuestionAnswering>? initialize = null
    )
    {
        // libtorch takes a quarter of a second to load: it does so while the files are read. What fails there is thrown where the device is asked for.
        _ = Task.Run(static () => TorchRuntime.TryLoad());
        using var files = PretrainedFiles.Open(folder, options);
        return Load(files, options, out report, adjust, mayBeMissing, initialize);
    }

    private static BertForQuestionAnswering Load(
        PretrainedFiles files,
        LoadingOptions options,
        out LoadReport report,
        Func<BertConfig, BertConfig>? adjust,
        IReadOnlyList<string>? mayBeMissing,
        Action<BertForQuestionAnswering>? initialize
    )
    {
        var device = TorchDevice.Parse(options.Device);
        var model = BertForQuestionAnswering.Uninitialized(adjust?.Invoke(files.Config) ?? files.Config);
        try
        {
            initialize?.Invoke(model);
            // Before loading, so that every number is converted once, from the file's type to the wanted one.
            model.to(files.Type);
            report = CheckpointLoader.Load(
                model,
                files.Checkpoint,
                new LoadOptions { ShapedBy = ConfigFile, MayBeMissing = mayBeMissing ?? [] }
            );
            model.to(device);
            model.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    internal static void CheckVocabulary(string folder, BertTokenizer tokenizer, BertConfig config)
    {
        if (tokenizer.Vocabulary.Count != config.VocabSize)
            throw new TokenizerException(
                $"{folder}: the vocabulary has {tokenizer.Vocabulary.Count} entries, {ConfigFile} says vocab_size {config.VocabSize}. "
                    + "The two belong to different models; take both from the same checkpoint."
            );
    }

    /// <summary>Whether a file of a folder is of weights, also under another name than this project's: shards and their index, or Python's format.</summary>
    internal static bool IsWeights(string name) =>
        name.Contains(".safetensors", StringComparison.Ordinal) || name.StartsWith("pytorch_model", StringComparison.Ordinal);
}
