using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>Windows that go through the model together, padded on the right to the longest.</summary>
public sealed class TrainingBatch
{
    /// <summary>Lays windows out as tensors, which belong to the dispose scope around.</summary>
    /// <param name="windows">At least one.</param>
    /// <param name="paddingId">The id of <c>[PAD]</c>.</param>
    /// <param name="device">Where to.</param>
    public TrainingBatch(IReadOnlyList<TrainingWindow> windows, int paddingId, Device device)
    {
        ArgumentNullException.ThrowIfNull(windows);
        Windows = windows;
        int count = windows.Count,
            length = windows.Max(window => window.Length);
        long[] ids = new long[count * length],
            types = new long[count * length],
            mask = new long[count * length];
        Array.Fill(ids, paddingId);
        for (var row = 0; row < count; row++)
        for (var i = 0; i < windows[row].Length; i++)
            (ids[row * length + i], types[row * length + i], mask[row * length + i]) = (
                windows[row].Ids[i],
                i >= windows[row].SecondStart ? 1 : 0,
                1
            );
        Input = new BertInput
        {
            InputIds = tensor(ids, [count, length], device: device), // [B, S]
            TokenTypeIds = tensor(types, [count, length], device: device),
            AttentionMask = mask.Contains(0) ? tensor(mask, [count, length], device: device) : null,
        };
        Starts = tensor(windows.Select(window => (long)window.Label.Start).ToArray(), device: device); // [B]
        Ends = tensor(windows.Select(window => (long)window.Label.End).ToArray(), device: device);
    }

    /// <summary>A batch of tensors that are there already.</summary>
    /// <param name="input">What the model takes, [B, S].</param>
    /// <param name="starts">The positions of the answers' first tokens, [B].</param>
    /// <param name="ends">The positions of the answers' last tokens, [B].</param>
    public TrainingBatch(BertInput input, Tensor starts, Tensor ends)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(ends);
        (Windows, Input, Starts, Ends) = ([], input, starts, ends);
    }

    /// <summary>The windows; none when the batch was made from tensors.</summary>
    public IReadOnlyList<TrainingWindow> Windows { get; }

    /// <summary>The size of the batch that these windows are a piece of; null: they are all of it.</summary>
    public BatchSize? Whole { get; init; }

    /// <summary>What the model takes, [B, S].</summary>
    public BertInput Input { get; }

    /// <summary>The positions of the answers' first tokens, [B].</summary>
    public Tensor Starts { get; }

    /// <summary>The positions of the answers' last tokens, [B].</summary>
    public Tensor Ends { get; }
}
