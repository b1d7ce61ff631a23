using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;

namespace XDistilTorch;

/// <summary>Writes a model folder in Hugging Face layout; the counterpart of <see cref="PretrainedModel"/>.</summary>
public static class SavedModel
{
    private const string WeightsFile = "model.safetensors",
        Aside = ".saving.tmp"; // one name, so that a killed process leaves one at most

    extension(BertForQuestionAnswering model)
    {
        /// <summary>
        /// Writes the model and its tokenizer as a folder that <c>FromPretrained</c> and Python's transformers load: <c>model.safetensors</c>,
        /// <c>config.json</c> and the tokenizer's four files.
        /// </summary>
        /// <remarks>
        /// All files are written aside and flushed to the disk, then renamed, <c>config.json</c> last: a folder with a <c>config.json</c> is whole, also where a model
        /// is replaced. Other files in the folder stay; a <c>calibration.json</c> among them speaks for the weights that it was fitted with.
        /// </remarks>
        /// <param name="folder">The folder, which must exist.</param>
        /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
        /// <param name="options">The stored type; null takes the default (fp32).</param>
        /// <exception cref="CheckpointException">
        /// There is no such folder, a file cannot be written, or numbers are beyond the stored type; no temporary file stays.
        /// </exception>
        /// <exception cref="TokenizerException">The vocabulary and the config's <c>vocab_size</c> are of different models.</exception>
        /// <exception cref="ArgumentException">The stored type is none of Float32, Float16 and BFloat16.</exception>
        public void SavePretrained(string folder, BertTokenizer tokenizer, SavingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentException.ThrowIfNullOrEmpty(folder);
            ArgumentNullException.ThrowIfNull(tokenizer);
            var type = (options ?? new SavingOptions()).DType;
            Save(model, folder, tokenizer, StorageCast.To(type, nameof(options)), StorageCast.NameOf(type)!);
        }
    }

    private static void Save(BertForQuestionAnswering model, string folder, BertTokenizer tokenizer, StorageCast cast, string typeName)
    {
        if (!Directory.Exists(folder))
            throw new CheckpointException($"{folder}: there is no such folder to save the model into. Create it, or give another.");
        PretrainedModel.CheckVocabulary(folder, tokenizer, model.Config);
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var weights = Cast(model, cast, Path.Combine(folder, WeightsFile));

        Replace(
            folder,
            aside =>
            {
                tokenizer.SavePretrained(aside);
                SafeTensors.Write(Path.Combine(aside, WeightsFile), weights, [new("format", "pt")]);
                ConfigOf(model, typeName).ToFile(Path.Combine(aside, PretrainedModel.ConfigFile));
            }
        );
    }

    /// <summary>The config that goes with the weights of a question-answering model stored in a type.</summary>
    internal static BertConfig ConfigOf(BertForQuestionAnswering model, string typeName) =>
        model.Config with
        {
            Architectures = [nameof(BertForQuestionAnswering)],
            DType = typeName,
            TransformersVersion = null, // it is not what writes the file
        };

    /// <exception cref="CheckpointException">A number becomes infinite.</exception>
    private static List<KeyValuePair<string, torch.Tensor>> Cast(BertForQuestionAnswering model, StorageCast cast, string path)
    {
        List<KeyValuePair<string, torch.Tensor>> stored =
        [
            .. model.named_parameters().Select(p => KeyValuePair.Create(p.name, cast.Of(p.name, p.parameter))),
        ];
        cast.ThrowOnFaults(path);
        return stored;
    }

    // Until the new config.json is there, the folder is no model: a mixture of two would load.
    private static void Replace(string folder, Action<string> write)
    {
        var aside = Path.Combine(folder, Aside);
        try
        {
            RemoveQuietly(aside);
            Directory.CreateDirectory(aside);
            write(aside);
            var config = Path.Combine(folder, PretrainedModel.ConfigFile);
            File.Delete(config);
            foreach (var file in Directory.GetFiles(aside).Select(Path.GetFileName).Where(name => name != PretrainedModel.ConfigFile))
                File.Move(Path.Combine(aside, file!), Path.Combine(folder, file!), overwrite: true);
            File.Move(Path.Combine(aside, PretrainedModel.ConfigFile), config);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XDistilException)
        {
            // Said of the file where it was to be, not of the one aside, which is gone.
            throw new CheckpointException(
                $"{folder}: the model cannot be saved: {e.Message.Replace(aside, folder, StringComparison.Ordinal)}",
                e
            );
        }
        finally
        {
            RemoveQuietly(aside);
        }
    }

    private static void RemoveQuietly(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed cannot be written either, and that is told; or the model is there already.
        }
    }
}
