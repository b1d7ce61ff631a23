using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Pruning;

/// <summary>A pruned model as a folder in Hugging Face layout.</summary>
/// <param name="Config">Of the smaller model.</param>
/// <param name="ParametersBefore">How many numbers the model had.</param>
/// <param name="Parameters">How many it has.</param>
/// <param name="StoredAs">The type of the weights, that of the model before.</param>
/// <param name="LeftOut">Files that belong to the model before (its calibration, its card) and were not taken along.</param>
public sealed record PrunedFolder(
    BertConfig Config,
    long ParametersBefore,
    long Parameters,
    torch.ScalarType StoredAs,
    IReadOnlyList<string> LeftOut
)
{
    /// <summary>Refuses a folder that is there already; before anything is loaded.</summary>
    /// <exception cref="PruningException">It is there, or there is no folder to put it in.</exception>
    public static void Check(string output)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (Directory.Exists(output) || File.Exists(output))
            throw new PruningException($"{output}: is there already, expected the name of a new folder for the smaller model.");
        if (Path.GetDirectoryName(Whole(output)) is { } parent && !Directory.Exists(parent))
            throw new PruningException($"{output}: there is no folder {parent} to put it in. Create it, or give another name.");
    }

    /// <summary>
    /// Loads a model folder in the type that its weights are stored in, prunes, and writes weights, config and tokenizer; all under a temporary name that is
    /// renamed when the folder is whole.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="output">The new folder.</param>
    /// <param name="prune">Makes the smaller model, one of <see cref="ModelPruning"/>'s functions.</param>
    /// <exception cref="PruningException">The folder is there already or cannot be written.</exception>
    /// <exception cref="XDistilException">The model cannot be loaded or pruned so.</exception>
    public static PrunedFolder Write(string folder, string output, Func<BertForQuestionAnswering, BertForQuestionAnswering> prune)
    {
        ArgumentNullException.ThrowIfNull(prune);
        Check(output);
        var tokenizer = BertTokenizer.FromPretrained(folder);
        using var model = BertForQuestionAnswering.FromPretrained(folder, new LoadingOptions { DType = null });
        using var smaller = prune(model);
        var type = smaller.parameters().First().dtype;
        type = type is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? type : torch.ScalarType.Float32; // folders hold no wider one
        NewFolder.Make(
            output,
            aside => smaller.SavePretrained(aside, tokenizer, new SavingOptions { DType = type }),
            (message, inner) => new PruningException(message, inner)
        );
        return new PrunedFolder(smaller.Config, Numbers(model), Numbers(smaller), type, NotTaken(folder, output));
    }

    private static string Whole(string output) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));

    private static long Numbers(BertForQuestionAnswering model) => model.parameters().Sum(parameter => parameter.numel());

    private static List<string> NotTaken(string folder, string output) =>
        [
            .. Directory
                .GetFiles(folder)
                .Select(file => Path.GetFileName(file))
                .Where(name => !File.Exists(Path.Combine(output, name)) && !PretrainedModel.IsWeights(name))
                .Order(StringComparer.Ordinal),
        ];
}
