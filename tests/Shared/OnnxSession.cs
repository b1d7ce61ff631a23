using Microsoft.ML.OnnxRuntime;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Testing;

/// <summary>A written graph in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;

    public OnnxSession(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        session = new InferenceSession(path, options);
    }

    public IEnumerable<string> Inputs => session.InputMetadata.Select(i => $"{i.Key} {i.Value.ElementType.Name} {Shape(i.Value)}");

    public IEnumerable<string> Outputs => session.OutputMetadata.Select(o => $"{o.Key} {o.Value.ElementType.Name} {Shape(o.Value)}");

    private static string Shape(NodeMetadata value) => $"[{string.Join(", ", value.SymbolicDimensions)}]";

    /// <summary>Start and end logits together, [B, 2, S].</summary>
    public Tensor Logits(BertInput input)
    {
        using var scope = NewDisposeScope();
        long[] shape = input.InputIds!.shape;
        using var ids = Value(input.InputIds);
        using var mask = Value(input.AttentionMask ?? ones(shape, ScalarType.Int64));
        using var types = Value(input.TokenTypeIds ?? zeros(shape, ScalarType.Int64));
        using var run = new RunOptions();
        using var results = session.Run(
            run,
            ["input_ids", "attention_mask", "token_type_ids"],
            [ids, mask, types],
            ["start_logits", "end_logits"]
        );
        return stack([.. results.Select(r => tensor(r.GetTensorDataAsSpan<float>().ToArray()).view(shape))], 1).MoveToOuterDisposeScope();
    }

    private static OrtValue Value(Tensor integers) =>
        OrtValue.CreateTensorValueFromMemory(integers.to(ScalarType.Int64).contiguous().data<long>().ToArray(), integers.shape);

    public void Dispose() => session.Dispose();
}
