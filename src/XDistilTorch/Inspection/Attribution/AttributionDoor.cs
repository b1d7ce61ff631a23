using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>What every measure asks of a model and its input, checked once.</summary>
internal static class AttributionDoor
{
    /// <returns>S, how many tokens.</returns>
    /// <exception cref="InspectionException">The model is in training mode.</exception>
    /// <exception cref="ArgumentException">The input is not one window of ids.</exception>
    public static int Check(BertForQuestionAnswering model, BertInput input)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        if (model.training)
            throw new InspectionException(
                "the model is in training mode, where dropout makes every pass another one; expected evaluation mode (model.eval())."
            );
        if (input.InputIds?.shape is not [1, var length])
            throw new ArgumentException(
                $"InputIds is {(input.InputIds is { } ids ? $"[{string.Join(", ", ids.shape)}]" : "null")}, expected one window, [1, S].",
                nameof(input)
            );
        return (int)length;
    }
}
