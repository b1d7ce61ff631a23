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

    /// <summary>How many attention heads; divides <see cref="HiddenSize"/>.</summary>
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

    /// <summary>Reads and checks a <c>config.json</c>.</summary>
    /// <exception cref="ConfigException">The file is missing or malformed, or describes another model; all faults in one message.</exception>
    public static BertConfig FromFile(string path) => BertConfigReader.Read(path);
}
