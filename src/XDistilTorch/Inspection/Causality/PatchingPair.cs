using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>The values of a clean run, for a corrupted run of as many tokens.</summary>
internal sealed class PatchingPair : IDisposable
{
    private readonly ForwardContext clean = new();

    /// <exception cref="InspectionException">The two do not go together token by token.</exception>
    public PatchingPair(BertForQuestionAnswering model, BertInput cleanInput, BertInput corruptedInput, LogitTarget target)
    {
        Refuse(cleanInput, corruptedInput);
        var layers = model.Config.NumHiddenLayers;
        Points =
        [
            .. Hidden(layers),
            .. Enumerable.Range(0, layers).SelectMany(layer => (Point[])[Point.AttentionContext(layer), Point.MlpOutput(layer)]),
        ];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        clean.Record(Points);
        var output = model.Forward(cleanInput, clean);
        CleanScore = Score(target, output);
        CorruptedScore = Score(target, model.Forward(corruptedInput));
    }

    /// <summary>All points that are patched.</summary>
    public IReadOnlyList<Point> Points { get; }

    public double CleanScore { get; }

    public double CorruptedScore { get; }

    /// <summary>The clean value at a point, [1, ...].</summary>
    public Tensor this[Point point] => clean[point];

    /// <summary>Hidden states by number: the embeddings' output, then each layer's.</summary>
    public static IEnumerable<Point> Hidden(int layers) => Enumerable.Range(0, layers).Select(Point.LayerOutput).Prepend(Point.Embeddings);

    private static double Score(LogitTarget target, QuestionAnsweringOutput output) =>
        target.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).item<double>();

    private static void Refuse(BertInput clean, BertInput corrupted)
    {
        long Tokens(BertInput input) => (input.InputIds ?? input.InputsEmbeds!).shape[1];
        if (Tokens(clean) != Tokens(corrupted))
            throw new InspectionException(
                $"the clean window has {Tokens(clean)} tokens, the corrupted one {Tokens(corrupted)}; expected as many, since values are exchanged position by position. Exchange words for others of as many tokens."
            );
        if ((clean.AttentionMask, corrupted.AttentionMask) is not (null, null) && !Same(clean.AttentionMask, corrupted.AttentionMask))
            throw new InspectionException("the clean and the corrupted window have different attention masks; expected the same.");
    }

    private static bool Same(Tensor? one, Tensor? other) =>
        one is not null && other is not null && one.shape.AsSpan().SequenceEqual(other.shape) && one.eq(other).all().item<bool>();

    public void Dispose() => clean.Dispose();
}
