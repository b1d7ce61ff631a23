using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>How far a parameter is from where it was.</summary>
/// <param name="Name">The parameter, as in the checkpoint.</param>
/// <param name="Distance">The length of the difference as a vector.</param>
/// <param name="Length">Its length before.</param>
public sealed record ParameterMovement(string Name, double Distance, double Length)
{
    /// <summary>What it can and cannot show.</summary>
    public const string Note =
        "How far a parameter moved says what training changed, not what the change does: a short way in one direction can decide an answer, a long one in another be idle.";

    /// <summary>The distance over the length before; infinite where that was 0 and is not.</summary>
    public double Relative => Distance == 0 ? 0 : Distance / Length;

    /// <summary>Every parameter of two models of the same shape, those that moved most (relatively) first.</summary>
    /// <param name="before">The model before.</param>
    /// <param name="after">The model after.</param>
    /// <exception cref="InspectionException">The models are of other shapes.</exception>
    public static IReadOnlyList<ParameterMovement> Of(BertForQuestionAnswering before, BertForQuestionAnswering after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var there = after.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        var here = before.named_parameters().ToList();
        var faults = here.Where(p => !there.TryGetValue(p.name, out var other) || !other.shape.AsSpan().SequenceEqual(p.parameter.shape))
            .ToList();
        if (faults.Count > 0 || there.Count != here.Count)
            throw new InspectionException(
                $"the models are of other shapes: {here.Count} and {there.Count} parameters"
                    + (faults.Count > 0 ? $", {faults[0].name} among those that differ" : "")
                    + "; expected two checkpoints of one model."
            );
        return [.. here.Select(p => Between(p.name, p.parameter, there[p.name])).OrderByDescending(movement => movement.Relative)];
    }

    private static ParameterMovement Between(string name, Tensor before, Tensor after)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor a = before.to(ScalarType.Float64),
            b = after.to(ScalarType.Float64).to(a.device);
        return new ParameterMovement(name, b.sub(a).norm().item<double>(), a.norm().item<double>());
    }
}
