using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>The target as a function of the vectors at one place of the model, everything else as the window has it.</summary>
internal sealed class TargetFunction
{
    private readonly BertForQuestionAnswering model;
    private readonly BertInput input;
    private readonly LogitTarget target;
    private readonly AttributionPlace place;

    /// <param name="model">The model, whose parameters are at rest.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">What is explained.</param>
    /// <param name="place">Which vectors.</param>
    public TargetFunction(BertForQuestionAnswering model, BertInput input, LogitTarget target, AttributionPlace place)
    {
        ArgumentNullException.ThrowIfNull(target);
        place.Check(model.Config);
        (this.model, this.input, this.target, this.place) = (model, input, target, place);
    }

    /// <summary>The vectors that ids have at the place, [1, S] -> [1, S, H]; they belong to the dispose scope around.</summary>
    public Tensor VectorsOf(Tensor ids)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (place.ModelPoint is not { } point)
            return Embeddings().WordEmbeddings.call(ids).MoveToOuterDisposeScope();
        using var context = new ForwardContext().Record(point);
        using var output = model.Forward(input with { InputIds = ids }, context);
        return context[point].alias().MoveToOuterDisposeScope();
    }

    /// <summary>The target's value for each row of vectors, [B, S, H] -> B.</summary>
    public double[] Values(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return ToArray(Forward(vectors));
    }

    /// <summary>The target's gradient by the vectors of each row, [B, S, H] -> [B, S, H], and its value; the gradient belongs to the dispose scope around.</summary>
    public (Tensor Gradient, double[] Values) Gradient(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var leaf = vectors.detach().requires_grad_();
        var values = Forward(leaf);
        values.sum().backward(); // rows do not see each other, so each gets its own gradient
        return (leaf.grad!.MoveToOuterDisposeScope(), ToArray(values.detach()));
    }

    private Tensor Forward(Tensor vectors)
    {
        var rows = RepeatedInput.Of(input, vectors.shape[0]);
        if (place.ModelPoint is not { } point)
        {
            using var words = model.Forward(rows with { InputIds = null, InputsEmbeds = vectors });
            return target.Of(words.StartLogits, words.EndLogits);
        }
        using var context = new ForwardContext().Replace(point, _ => vectors);
        using var output = model.Forward(rows, context);
        return target.Of(output.StartLogits, output.EndLogits);
    }

    private BertEmbeddings Embeddings() =>
        OriginalParts.Of<BertEmbeddings>(OriginalParts.Of<BertModel>(model.Bert, "bert").Embeddings, "bert.embeddings");

    private static double[] ToArray(Tensor values) => values.to(ScalarType.Float64).cpu().data<double>().ToArray();
}
