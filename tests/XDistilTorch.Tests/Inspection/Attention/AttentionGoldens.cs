using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

/// <summary>The reference's measures of attention, and the attention of the same windows: one plain, three padded on the right.</summary>
internal sealed class AttentionGoldens : IDisposable
{
    public const string Measures = "model/tiny/inspection.safetensors";

    /// <summary>Absolute tolerance for rollout, entropy and distance (README of the reference values); they are float32 for either type of model.</summary>
    public const double Tolerance = 5e-6;

    private readonly string name;
    private readonly GoldenTensors measures = GoldenTensors.Require(Measures);
    private readonly GoldenTensors cases = GoldenTensors.Require(TinyModel.Cases);
    private readonly BertForQuestionAnswering model = TinyModel.Load();

    public AttentionGoldens(string name, ScalarType type)
    {
        this.name = name;
        model.to(type);
        Mask = cases[$"{name}/attention_mask"];
        Recording = AttentionRecording.Of(model, cases.Input(name));
    }

    /// <summary>Windows and floating-point types to try.</summary>
    public static TheoryData<string, ScalarType> All
    {
        get
        {
            TheoryData<string, ScalarType> all = [];
            if (GoldenFolder.Has(Measures))
                foreach (var name in new[] { "b1s12", "b3s20_right" })
                foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
                    all.Add(name, type);
            return all;
        }
    }

    public AttentionRecording Recording { get; }

    /// <summary>[B, S].</summary>
    public Tensor Mask { get; }

    public Tensor this[string measure] => measures[$"{name}/{measure}"];

    /// <summary>Of every layer's heads the mean over the queries of all windows, as the reference has it: [layers, heads].</summary>
    public Tensor OverAllQueries(Func<Tensor, Tensor, Tensor> measure)
    {
        var queries = Mask.sum(-1, keepdim: true).to(ScalarType.Float64); // [B, 1]
        return stack(
            Recording.Layers.Select(layer => measure(Recording.Probabilities(layer), Mask).mul(queries).sum([0L]).div(queries.sum())),
            0
        );
    }

    public void Dispose()
    {
        Recording.Dispose();
        model.Dispose();
        cases.Dispose();
        measures.Dispose();
    }
}
