using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>The model on a window of which some tokens are replaced by <c>[MASK]</c>, positions kept; many such windows in batches of bounded size.</summary>
internal sealed class MaskedRuns
{
    private readonly BertForQuestionAnswering model;
    private readonly BertInput input;
    private readonly long maskId;
    private readonly int length;
    private readonly long[] ids;

    /// <exception cref="ArgumentException">The input is not one window of ids, or the mask is not in the vocabulary.</exception>
    public MaskedRuns(BertForQuestionAnswering model, BertInput input, int maskId)
    {
        length = AttributionDoor.Check(model, input);
        if (maskId < 0 || maskId >= model.Config.VocabSize)
            throw new ArgumentException($"the mask's id is {maskId}, expected 0 to {model.Config.VocabSize - 1}.", nameof(maskId));
        (this.model, this.input, this.maskId) = (model, input, maskId);
        using var cpu = input.InputIds!.to(ScalarType.Int64).cpu();
        ids = cpu.data<long>().ToArray();
    }

    /// <summary>One number of each masked window.</summary>
    /// <param name="masked">The positions that are masked, a list a window.</param>
    /// <param name="number">From start and end logits, [B, S] each, to [B].</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    public double[] Of(IReadOnlyList<IReadOnlyCollection<int>> masked, Func<Tensor, Tensor, Tensor> number, CancellationToken cancellation)
    {
        List<double> numbers = new(masked.Count);
        foreach (var batch in masked.Chunk(RepeatedInput.Rows(length)))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var rows = RepeatedInput.Of(input, batch.Length) with { InputIds = Ids(batch) };
            using var output = model.Forward(rows);
            numbers.AddRange(number(output.StartLogits, output.EndLogits).to(ScalarType.Float64).cpu().data<double>().ToArray());
        }
        return [.. numbers];
    }

    private Tensor Ids(IReadOnlyCollection<int>[] batch)
    {
        var rows = new long[batch.Length * length];
        for (var row = 0; row < batch.Length; row++)
        {
            ids.CopyTo(rows.AsSpan(row * length));
            foreach (var position in batch[row])
                rows[row * length + Checked(position)] = maskId;
        }
        return tensor(rows, [batch.Length, length], device: input.InputIds!.device);
    }

    private int Checked(int position) =>
        position >= 0 && position < length
            ? position
            : throw new InspectionException($"there is no token {position}; the window has {length}, numbered from 0.");
}
