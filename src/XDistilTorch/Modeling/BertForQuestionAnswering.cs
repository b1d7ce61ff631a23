using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>
/// BERT with the question-answering head. The object tree is the checkpoint tree: <c>bert.encoder.layer.3.attention.self.query.weight</c> is reached by walking
/// objects of those names, and every part may be replaced by another module of the same signature.
/// </summary>
/// <remarks>Forward passes of one model may run on several threads at once as long as nobody changes it meanwhile.</remarks>
public sealed class BertForQuestionAnswering : nn.Module<BertInput, ForwardContext?, QuestionAnsweringOutput>
{
    [ComponentName(Name = "bert")]
    private nn.Module<BertInput, ForwardContext?, Tensor> bert;

    [ComponentName(Name = "qa_outputs")]
    private nn.Module<Tensor, Tensor> qaOutputs;

    /// <summary>Makes a model with random weights, as the reference initialises them.</summary>
    /// <param name="config">Depth, width, heads and the rest.</param>
    /// <param name="generator">Source of the random weights; null takes torch's own.</param>
    /// <exception cref="ConfigException">The config's values do not go together.</exception>
    public BertForQuestionAnswering(BertConfig config, Generator? generator = null)
        : this(config, new Empty()) => Initialization.Randomize(this, config, generator);

    private BertForQuestionAnswering(BertConfig config, Empty _)
        : base(nameof(BertForQuestionAnswering))
    {
        Native.TorchRuntime.EnsureLoaded();
        config.ThrowOnFaults();
        Config = config;
        bert = new BertModel(config);
        qaOutputs = Initialization.EmptyLinear(config.HiddenSize, 2);
        RegisterComponents();
    }

    /// <summary>A model whose weights are whatever memory held: for a loader that fills every one.</summary>
    internal static BertForQuestionAnswering Uninitialized(BertConfig config) => new(config, new Empty());

    // Tells the constructor that leaves the weights alone from the public one.
    private readonly record struct Empty;

    /// <summary>The config it was made from.</summary>
    public BertConfig Config { get; }

    /// <summary>The encoder (a <see cref="BertModel"/>), [B, S] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<BertInput, ForwardContext?, Tensor> Bert
    {
        get => bert;
        set => this.Replace("bert", ref bert, value);
    }

    /// <summary>The head, [B, S, H] -> [B, S, 2]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> QaOutputs
    {
        get => qaOutputs;
        set => this.Replace("qa_outputs", ref qaOutputs, value);
    }

    /// <summary>The eager forward pass on the calling thread.</summary>
    /// <param name="input">B windows of S tokens.</param>
    /// <param name="context">What to record or replace on the way; null looks at nothing.</param>
    /// <exception cref="ArgumentException">The input does not fit the config.</exception>
    public QuestionAnsweringOutput Forward(BertInput input, ForwardContext? context = null) => call(input, context);

    /// <inheritdoc cref="Forward"/>
    public override QuestionAnsweringOutput forward(BertInput input, ForwardContext? context)
    {
        context?.BeginPass(Config.NumHiddenLayers);
        using var requested = RequestedStates(input, context);
        context = requested ?? context;
        using var scope = NewDisposeScope();
        var logits = Logits(bert.call(input, context), context);
        Tensor[]? hiddenStates = input.OutputHiddenStates ? [.. HiddenStates().Select(requested!.Release)] : null;
        Tensor[]? attentions = input.OutputAttentions ? [.. Attentions().Select(requested!.Release)] : null;
        return new QuestionAnsweringOutput(
            logits.select(2, 0).contiguous().MoveToOuterDisposeScope(), // -> [B, S] each
            logits.select(2, 1).contiguous().MoveToOuterDisposeScope(),
            hiddenStates,
            attentions
        );
    }

    /// <summary>
    /// Computes what the context asks for and no more: the pass ends after the last layer with a point that is recorded or replaced, and gives no logits
    /// (record <see cref="Point.Logits"/> and it goes to the end). What it records is bit for bit what <see cref="Forward"/> records.
    /// </summary>
    /// <param name="input">B windows of S tokens.</param>
    /// <param name="context">What to record or replace on the way.</param>
    /// <exception cref="ArgumentException">The input does not fit the config, or asks for outputs.</exception>
    public void Observe(BertInput input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        if (input.OutputHiddenStates || input.OutputAttentions)
            throw new ArgumentException(
                "the input asks for hidden states or attentions as output, and observing gives none: record their points in the context.",
                nameof(input)
            );
        context.BeginPass(Config.NumHiddenLayers, observeOnly: true);
        using var scope = NewDisposeScope();
        var hidden = bert.call(input, context);
        if (context.Wants(Point.Logits))
            Logits(hidden, context);
    }

    private Tensor Logits(Tensor hidden, ForwardContext? context)
    {
        var both = qaOutputs.call(hidden); // [B, S, H] -> [B, S, 2]
        ModuleOutput.Check(both, "qa_outputs", hidden.shape[0], hidden.shape[1], 2);
        return context.At(Point.Logits, both);
    }

    // Behind the caller's own context, so that what it replaced is what is returned.
    private ForwardContext? RequestedStates(BertInput input, ForwardContext? context) =>
        input.OutputHiddenStates || input.OutputAttentions
            ? new ForwardContext(context)
                .RecordInGraph(input.OutputHiddenStates ? HiddenStates() : [])
                .Record(input.OutputAttentions ? Attentions() : [])
            : null;

    private IEnumerable<Point> HiddenStates() =>
        Enumerable.Range(0, Config.NumHiddenLayers).Select(Point.LayerOutput).Prepend(Point.Embeddings);

    private IEnumerable<Point> Attentions() => Enumerable.Range(0, Config.NumHiddenLayers).Select(Point.AttentionProbabilities);
}
