using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>The encoder with its embeddings; <c>bert</c> in the checkpoint.</summary>
public sealed class BertModel : nn.Module<BertInput, ForwardContext?, Tensor>
{
    [ComponentName(Name = "embeddings")]
    private nn.Module<BertInput, ForwardContext?, Tensor> embeddings;

    [ComponentName(Name = "encoder")]
    private nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> encoder;

    private readonly BertConfig config;

    /// <summary>Makes the model; its weights are not initialised.</summary>
    public BertModel(BertConfig config)
        : base(nameof(BertModel))
    {
        this.config = config;
        embeddings = new BertEmbeddings(config);
        encoder = new BertEncoder(config);
        RegisterComponents();
    }

    /// <summary>The embeddings (a <see cref="BertEmbeddings"/>), [B, S] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<BertInput, ForwardContext?, Tensor> Embeddings
    {
        get => embeddings;
        set => this.Replace("embeddings", ref embeddings, value);
    }

    /// <summary>The layers (a <see cref="BertEncoder"/>), [B, S, H] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> Encoder
    {
        get => encoder;
        set => this.Replace("encoder", ref encoder, value);
    }

    /// <summary>The last hidden state, [B, S] -> [B, S, H].</summary>
    /// <exception cref="ArgumentException">The input does not fit the config: every shape, type and range is checked here, before native code sees it.</exception>
    public override Tensor forward(BertInput input, ForwardContext? context)
    {
        var (batch, length) = InputCheck.Check(input, config);
        using var scope = NewDisposeScope();
        var hidden = context.At(Point.Embeddings, embeddings.call(input, context)); // [B, S] -> [B, S, H]
        var mask = AttentionMask.From(input.AttentionMask, hidden.dtype, batch, length);
        return encoder.call(hidden, mask, context).MoveToOuterDisposeScope();
    }
}
