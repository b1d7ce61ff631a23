using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>Words, token types and positions, summed and normalised; <c>bert.embeddings</c> in the checkpoint.</summary>
public sealed class BertEmbeddings : nn.Module<BertInput, ForwardContext?, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    private nn.Module<Tensor, Tensor> wordEmbeddings;

    [ComponentName(Name = "position_embeddings")]
    private nn.Module<Tensor, Tensor> positionEmbeddings;

    [ComponentName(Name = "token_type_embeddings")]
    private nn.Module<Tensor, Tensor> tokenTypeEmbeddings;

    [ComponentName(Name = "LayerNorm")]
    private nn.Module<Tensor, Tensor> layerNorm;

    [ComponentName(Name = "dropout")]
    private nn.Module<Tensor, Tensor> dropout;

    /// <summary>Makes the embeddings; their weights are not initialised.</summary>
    public BertEmbeddings(BertConfig config)
        : base(nameof(BertEmbeddings))
    {
        wordEmbeddings = Initialization.EmptyEmbedding(config.VocabSize, config.HiddenSize, config.PadTokenId);
        positionEmbeddings = Initialization.EmptyEmbedding(config.MaxPositionEmbeddings, config.HiddenSize);
        tokenTypeEmbeddings = Initialization.EmptyEmbedding(config.TypeVocabSize, config.HiddenSize);
        layerNorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps);
        dropout = nn.Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    /// <summary>Ids to vectors, [B, S] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> WordEmbeddings
    {
        get => wordEmbeddings;
        set => this.Replace("word_embeddings", ref wordEmbeddings, value);
    }

    /// <summary>Positions to vectors, [B or 1, S] -> [B or 1, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> PositionEmbeddings
    {
        get => positionEmbeddings;
        set => this.Replace("position_embeddings", ref positionEmbeddings, value);
    }

    /// <summary>Token types to vectors, [B, S] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> TokenTypeEmbeddings
    {
        get => tokenTypeEmbeddings;
        set => this.Replace("token_type_embeddings", ref tokenTypeEmbeddings, value);
    }

    /// <summary>[B, S, H] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> LayerNorm
    {
        get => layerNorm;
        set => this.Replace("LayerNorm", ref layerNorm, value);
    }

    /// <summary>The embedding output, [B, S] -> [B, S, H]: hidden state 0 of the reference.</summary>
    public override Tensor forward(BertInput input, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        if (input.InputsEmbeds is { } given && layerNorm.parameters().FirstOrDefault() is { } own && given.dtype != own.dtype)
            throw new ArgumentException($"InputsEmbeds is {given.dtype}, expected the model's {own.dtype}.", nameof(input));
        var words = input.InputsEmbeds ?? wordEmbeddings.call(input.InputIds!); // [B, S] -> [B, S, H]
        long batch = words.shape[0],
            length = words.shape[1];
        var types = input.TokenTypeIds ?? zeros(batch, length, dtype: ScalarType.Int64, device: words.device);
        var positions = input.PositionIds ?? arange(length, dtype: ScalarType.Int64, device: words.device).unsqueeze(0); // [1, S]

        // The reference's order of summation; another one differs in the last bit.
        var sum = words.add(tokenTypeEmbeddings.call(types)).add(positionEmbeddings.call(positions));
        return dropout.call(layerNorm.call(sum)).MoveToOuterDisposeScope();
    }
}
