using System.Collections.Frozen;

namespace XDistilTorch.Modeling;

/// <summary>
/// The shape and settings of a BERT model, as its <c>config.json</c> gives them. Defaults are those that the reference takes for an absent field
/// (BERT base); <see cref="FromFile"/> reads and checks a file.
/// </summary>
public sealed record BertConfig
{
    /// <summary>How many vocabulary entries.</summary>
    public int VocabSize { get; init; } = 30522;

    /// <summary>H, the width of a hidden state.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>How many encoder layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>How many attention heads a layer has before any is pruned; divides <see cref="HiddenSize"/>. <see cref="HeadCount"/> is what a layer has left.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>The inner width of the MLP.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Name of the MLP's activation function, one of <see cref="Activation.Names"/>.</summary>
    public string HiddenAct { get; init; } = "gelu";

    /// <summary>Dropout of hidden states in training, 0 to 1.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Dropout of attention probabilities in training, 0 to 1.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>The longest window, in tokens.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>How many token types.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>Standard deviation of randomly initialised weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>What LayerNorm adds to the variance.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Id of the padding token, whose word embedding gets no gradient; null where there is none.</summary>
    public int? PadTokenId { get; init; } = 0;

    /// <summary>
    /// The heads that were removed, by layer, in their original numbers (0 to <see cref="NumAttentionHeads"/> - 1): <c>pruned_heads</c>, as transformers keeps
    /// them. Those that are left keep their order. A layer may have none left; its attention then gives its bias only.
    /// </summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> PrunedHeads { get; init; } = FrozenDictionary<int, IReadOnlyList<int>>.Empty;

    /// <summary>The class names that the file gives, such as <c>BertForQuestionAnswering</c>.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>The type of the stored weights as the file gives it (<c>dtype</c> or <c>torch_dtype</c>); the weights themselves decide.</summary>
    public string? DType { get; init; }

    /// <summary>The version of transformers that wrote the file, if given.</summary>
    public string? TransformersVersion { get; init; }

    /// <summary>Fields that shape the model and are absent from the file, so that the reference's default was taken.</summary>
    public IReadOnlyList<string> Defaulted { get; init; } = [];

    /// <summary>Fields of the file that mean nothing to this model and are ignored, as the reference does.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>D, the width of one head.</summary>
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>How many heads a layer has left.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public int HeadCount(int layer) => NumAttentionHeads - (PrunedHeads.TryGetValue(layer, out var pruned) ? pruned.Count : 0);

    /// <summary>How many heads the layer with most has left: a head's number is below it.</summary>
    public int MostHeads => Enumerable.Range(0, NumHiddenLayers).Max(HeadCount);

    /// <summary>The original numbers of the heads that a layer has left, in the order in which the model has them.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public IReadOnlyList<int> KeptHeads(int layer) =>
        [.. Enumerable.Range(0, NumAttentionHeads).Except(PrunedHeads.GetValueOrDefault(layer, []))];

    /// <summary>heads * D, the width of a layer's queries, keys and values.</summary>
    internal int AttentionWidth(int layer) => HeadCount(layer) * HeadSize;

    /// <summary>How many numbers the model has, roughly (biases and LayerNorms left out); a double, since a broken config may ask for any number.</summary>
    internal double ParameterCount =>
        ((double)VocabSize + MaxPositionEmbeddings + TypeVocabSize) * HiddenSize
        + (double)NumHiddenLayers * HiddenSize * (4.0 * HiddenSize + 2.0 * IntermediateSize)
        - PrunedHeads.Values.Sum(heads => heads.Count * 4.0 * HeadSize * HiddenSize);

    /// <summary>What does not go together, in the file's words; nothing in a config that was read from a file.</summary>
    internal IEnumerable<string> Faults()
    {
        (string, int)[] sizes =
        [
            ("vocab_size", VocabSize),
            ("hidden_size", HiddenSize),
            ("num_hidden_layers", NumHiddenLayers),
            ("num_attention_heads", NumAttentionHeads),
            ("intermediate_size", IntermediateSize),
            ("max_position_embeddings", MaxPositionEmbeddings),
            ("type_vocab_size", TypeVocabSize),
        ];
        foreach (var (name, size) in sizes)
            if (size < 1)
                yield return $"{name} is {size}, expected 1 or more";
        (string, double, double)[] numbers =
        [
            ("hidden_dropout_prob", HiddenDropoutProb, 1),
            ("attention_probs_dropout_prob", AttentionProbsDropoutProb, 1),
            ("initializer_range", InitializerRange, 1e3),
            ("layer_norm_eps", LayerNormEps, 1),
        ];
        foreach (var (name, number, most) in numbers)
            if (!(number >= 0 && number <= most))
                yield return $"{name} is {number}, expected a number from 0 to {most}";
        if (Activation.Find(HiddenAct) is null)
            yield return $"hidden_act is \"{HiddenAct}\", expected one of {string.Join(", ", Activation.Names)}";
        if (HiddenSize > 0 && NumAttentionHeads > 0 && HiddenSize % NumAttentionHeads != 0)
            yield return $"hidden_size {HiddenSize} is not a multiple of num_attention_heads {NumAttentionHeads}";
        if (PadTokenId is { } padding && (padding < 0 || padding >= VocabSize))
            yield return $"pad_token_id is {padding}, expected less than vocab_size {VocabSize}";
        foreach (var fault in PrunedFaults())
            yield return fault;
    }

    private IEnumerable<string> PrunedFaults()
    {
        foreach (var (layer, heads) in PrunedHeads)
        {
            if (layer < 0 || layer >= NumHiddenLayers)
                yield return $"pruned_heads names layer {layer}, expected 0 to {NumHiddenLayers - 1} (num_hidden_layers is {NumHiddenLayers})";
            foreach (var head in heads.Where(head => head < 0 || head >= NumAttentionHeads))
                yield return $"pruned_heads names head {head} of layer {layer}, expected 0 to {NumAttentionHeads - 1} (num_attention_heads is {NumAttentionHeads})";
            foreach (var twice in heads.GroupBy(head => head).Where(same => same.Count() > 1))
                yield return $"pruned_heads names head {twice.Key} of layer {layer} twice, expected each once";
        }
    }

    internal void ThrowOnFaults()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
            throw new ConfigException($"the config describes no model that can be made:\n  {string.Join("\n  ", faults)}");
    }

    /// <summary>Reads and checks a <c>config.json</c>.</summary>
    /// <exception cref="ConfigException">The file is missing or malformed, or describes another model; all faults in one message.</exception>
    public static BertConfig FromFile(string path) => BertConfigReader.Read(path);

    /// <summary>
    /// Writes it as a <c>config.json</c>, under a temporary name, flushed and renamed; <see cref="FromFile"/> reads an equal config, but for
    /// <see cref="Defaulted"/> and <see cref="Ignored"/>, which speak of the file that was read.
    /// </summary>
    /// <param name="path">The file, by custom <c>config.json</c>; its folder must exist. An existing file is replaced.</param>
    /// <exception cref="ConfigException">The values do not go together, or the file cannot be written.</exception>
    public void ToFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        BertConfigWriter.Write(path, this);
    }
}
