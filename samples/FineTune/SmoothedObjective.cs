using XDistilTorch.Modeling;
using XDistilTorch.Training;
using static TorchSharp.torch;

/// <summary>Cross-entropy against labels that leave a share of their probability to all other positions.</summary>
internal sealed class SmoothedObjective(double share) : ITrainingObjective
{
    public Tensor Loss(BertForQuestionAnswering model, TrainingBatch batch)
    {
        var output = model.Forward(batch.Input);
        var padding = batch.Input.AttentionMask?.eq(0); // [B, S]
        return Smoothed(output.StartLogits, batch.Starts, padding).add(Smoothed(output.EndLogits, batch.Ends, padding)).div(2);
    }

    private Tensor Smoothed(Tensor logits, Tensor positions, Tensor? padding)
    {
        var masked = padding is null ? logits : logits.masked_fill(padding, -1e4);
        var log = masked.log_softmax(-1); // [B, S]
        var right = log.gather(1, positions.unsqueeze(1)).squeeze(1); // [B]
        var real = padding is null ? ones_like(log) : padding.logical_not().to(log.dtype);
        var all = log.mul(real).sum(-1).div(real.sum(-1)); // [B]
        return right.mul(1 - share).add(all.mul(share)).mean().neg();
    }
}
