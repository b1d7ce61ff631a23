using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>What training makes small; for research with another loss.</summary>
public interface ITrainingObjective
{
    /// <summary>
    /// The loss of a batch, a scalar in the graph: the mean over the batch's windows. A batch may come in pieces, whose losses are averaged by their numbers of
    /// windows; a loss that is a mean over something else than windows looks at <see cref="TrainingBatch.Whole"/>.
    /// </summary>
    Tensor Loss(BertForQuestionAnswering model, TrainingBatch batch);

    /// <summary>Parameters beside the model's that are learnt with it.</summary>
    IReadOnlyList<(string Name, Parameter Parameter)> Parameters => [];
}

/// <summary>The usual objective, <see cref="QuestionAnsweringLoss"/>.</summary>
public sealed class QuestionAnsweringObjective : ITrainingObjective
{
    /// <inheritdoc/>
    public Tensor Loss(BertForQuestionAnswering model, TrainingBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        var output = model.Forward(batch.Input);
        return QuestionAnsweringLoss.Of(output.StartLogits, output.EndLogits, batch.Starts, batch.Ends);
    }
}
