using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Modeling;

/// <summary>The small model of the reference values: every size different from the bundled model's.</summary>
internal static class TinyModel
{
    public const string Cases = "model/tiny/cases.safetensors";

    /// <summary>Absolute tolerance for its logits, hidden states and attentions (README of the reference values).</summary>
    public const double Tolerance = 2e-5;

    public static BertForQuestionAnswering Load()
    {
        GoldenFolder.Require("model/tiny/model.safetensors");
        var model = BertForQuestionAnswering.FromPretrained(GoldenFolder.At("model/tiny"));
        model.eval();
        return model;
    }

    /// <summary>A model of any shape with random weights.</summary>
    public static BertForQuestionAnswering Random(int layers = 2, int hidden = 24, int heads = 3, int seed = 1, double dropout = 0.1)
    {
        torch.random.manual_seed(seed);
        var model = new BertForQuestionAnswering(
            new BertConfig
            {
                VocabSize = 50,
                HiddenSize = hidden,
                NumHiddenLayers = layers,
                NumAttentionHeads = heads,
                IntermediateSize = 2 * hidden,
                MaxPositionEmbeddings = 40,
                InitializerRange = 0.3,
                HiddenDropoutProb = dropout,
                AttentionProbsDropoutProb = dropout,
            }
        );
        model.eval();
        return model;
    }

    public static BertEmbeddings Embeddings(this BertForQuestionAnswering model) => (BertEmbeddings)((BertModel)model.Bert).Embeddings;

    public static BertEncoder Encoder(this BertForQuestionAnswering model) => (BertEncoder)((BertModel)model.Bert).Encoder;

    public static BertLayer Layer(this BertForQuestionAnswering model, int layer) => (BertLayer)model.Encoder().Layer[layer];
}
