using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;

namespace XDistilTorch.Conversion;

/// <summary>Rewrites the weights of a model folder as safetensors, in another type or number of files.</summary>
public static class ModelConversion
{
    // What goes with the weights, whatever form they have.
    private static readonly string[] Companions =
    [
        "tokenizer.json",
        "vocab.txt",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "calibration.json",
        "README.md",
        "LICENSE",
        "LICENSE.txt",
    ];

    /// <summary>Refuses a folder that is there already; before anything is read.</summary>
    /// <exception cref="CheckpointException">There is a file or a folder of that name.</exception>
    public static void Check(string output)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (Path.Exists(output))
            throw new CheckpointException($"{output}: is there already, expected the name of a new folder for the converted model.");
    }

    /// <summary>
    /// Converts a model folder (safetensors or <c>pytorch_model.bin</c>, one file or several) into a new one that appears whole or not at all: weights as
    /// safetensors, <c>config.json</c>, tokenizer, calibration and card. Names of before 2019 become those of today; tensors that no model of ours needs stay.
    /// </summary>
    /// <remarks>
    /// Floating-point tensors get the type that is asked for, rounded to the nearest number; others stay as they are. Before the folder gets its name, every tensor is
    /// read back and held against the source.
    /// </remarks>
    /// <param name="folder">The model folder.</param>
    /// <param name="output">The new folder.</param>
    /// <param name="options">What to convert to; null: one file, types as they are.</param>
    /// <param name="cancellation">Stops; nothing is left then.</param>
    /// <exception cref="CheckpointException">The new folder is there already or cannot be written, the weights cannot be read, or have numbers that the type cannot hold.</exception>
    /// <exception cref="ConfigException">There is no <c>config.json</c> of a BERT.</exception>
    /// <exception cref="ArgumentException">The type is none of Float32, Float16 and BFloat16, or files may hold less than a byte.</exception>
    public static ConversionReport Convert(
        string folder,
        string output,
        ConversionOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new ConversionOptions();
        if (options.DType is { } type)
            _ = StorageCast.To(type, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxShardSize ?? 1, 1, nameof(options));
        Check(output);
        _ = BertConfig.FromFile(Path.Combine(folder, PretrainedModel.ConfigFile)); // a folder of something else is told before it is converted
        using var source = Checkpoint.Open(folder);
        var plan = ShardPlan.Of(source, options);
        ConversionReport? report = null;
        NewFolder.Make(
            output,
            aside => report = Fill(aside, folder, source, plan, options, cancellation),
            (message, inner) => new CheckpointException(message, inner)
        );
        return report!;
    }

    private static ConversionReport Fill(
        string aside,
        string folder,
        Checkpoint source,
        ShardPlan plan,
        ConversionOptions options,
        CancellationToken cancellation
    )
    {
        var files = ConvertedWeights.Write(aside, source, plan, options.DType, cancellation);
        string[] copied = [.. Companions.Where(name => File.Exists(Path.Combine(folder, name)))];
        foreach (var name in copied)
            WriteFlushed(Path.Combine(aside, name), File.ReadAllBytes(Path.Combine(folder, name)));
        WriteFlushed(
            Path.Combine(aside, PretrainedModel.ConfigFile),
            ConvertedConfig.Of(Path.Combine(folder, PretrainedModel.ConfigFile), options.DType)
        );
        var check = WrittenWeights.Check(aside, source, plan, cancellation);
        return Report(source, plan, check) with
        {
            WeightFiles = files,
            Copied = [PretrainedModel.ConfigFile, .. copied],
            LeftOut = NotTaken(folder, copied),
        };
    }

    private static ConversionReport Report(Checkpoint source, ShardPlan plan, WrittenWeights check) =>
        new()
        {
            Source = source.Path,
            Tensors = plan.Items.Count(),
            Numbers = plan.Items.Sum(item => item.Shape.Aggregate(1L, (product, size) => product * size)),
            TypesBefore = Count(source.Tensors.Values.Select(tensor => tensor.DType)),
            Types = Count(plan.Items.Select(item => item.DType)),
            BytesBefore = source.Tensors.Values.Sum(tensor => tensor.ByteLength),
            Bytes = plan.Items.Sum(item => item.Bytes),
            Rounded = check.Rounded,
            LargestChange = check.LargestChange,
            Renamed = [.. plan.Items.Where(item => item.Name != item.Found).Select(item => new RenamedTensor(item.Found, item.Name))],
            WeightFiles = [],
            Copied = [],
            LeftOut = [],
        };

    private static Dictionary<DType, int> Count(IEnumerable<DType> types) =>
        types.GroupBy(type => type).OrderBy(same => same.Key).ToDictionary(same => same.Key, same => same.Count());

    private static void WriteFlushed(string path, byte[] content)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static List<string> NotTaken(string folder, string[] copied) =>
        [
            .. Directory
                .GetFiles(folder)
                .Select(file => Path.GetFileName(file))
                .Where(name => name != PretrainedModel.ConfigFile && !copied.Contains(name) && !PretrainedModel.IsWeights(name))
                .Order(StringComparer.Ordinal),
        ];
}
