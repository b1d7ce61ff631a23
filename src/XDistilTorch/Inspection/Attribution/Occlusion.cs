using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>Occlusion: how far the target falls when tokens are replaced by <c>[MASK]</c>, positions kept: f - f'.</summary>
public static class Occlusion
{
    /// <summary>What reports call it.</summary>
    public const string Name = "occlusion";

    /// <summary>What it can and cannot show.</summary>
    public const string Shows =
        "what the score loses without a stretch of text, by experiment; what two stretches say alike shows at neither, and a masked text is an unusual one.";

    /// <summary>One forward pass for each unit and one for the window itself, in batches of bounded size.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">What is explained.</param>
    /// <param name="units">Which positions are masked together (<see cref="TokenUnit.Of"/>), each in one unit at most.</param>
    /// <param name="maskId">The id of <c>[MASK]</c>.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>A unit's fall, spread evenly over its tokens: a unit's tokens sum to it. Tokens in no unit have 0.</returns>
    /// <exception cref="InspectionException">The model is in training mode, or the window has no such token.</exception>
    /// <exception cref="ArgumentException">The input is not one window of ids, or it or the mask does not fit the model.</exception>
    public static TokenAttribution Of(
        BertForQuestionAnswering model,
        BertInput input,
        LogitTarget target,
        IReadOnlyList<IReadOnlyCollection<int>> units,
        int maskId,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(units);
        var runs = new MaskedRuns(model, input, maskId);
        var values = runs.Of(
            [
                [],
                .. units,
            ],
            target.Of,
            cancellation
        );
        var perToken = new double[input.InputIds!.shape[1]];
        for (var i = 0; i < units.Count; i++)
            foreach (var position in units[i])
                perToken[position] = (values[0] - values[i + 1]) / units[i].Count;
        return new TokenAttribution(Name, target, perToken, values[0], null);
    }
}
