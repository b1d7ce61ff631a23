using System.IO.Hashing;
using TorchSharp;
using XDistilTorch.Checkpoints;

namespace XDistilTorch.Conversion;

/// <summary>Reads converted weights back and holds every tensor against the source, which is read again too.</summary>
internal sealed class WrittenWeights
{
    private WrittenWeights() { }

    /// <summary>How many tensors have a number that was rounded.</summary>
    public int Rounded { get; private set; }

    /// <summary>By how much, at most.</summary>
    public double LargestChange { get; private set; }

    /// <param name="folder">Where the weights were written.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="plan">What was to be written.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="CheckpointException">What was written is not what was to be written; the message names every tensor.</exception>
    public static WrittenWeights Check(string folder, Checkpoint source, ShardPlan plan, CancellationToken cancellation)
    {
        using var written = Checkpoint.Open(folder);
        var check = new WrittenWeights();
        var faults = new List<string>();
        if (written.Tensors.Count != plan.Items.Count())
            faults.Add($"{written.Tensors.Count} tensors were written, expected {plan.Items.Count()}");
        foreach (var item in plan.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            if (
                !written.Tensors.TryGetValue(item.Name, out var entry)
                || entry.DType != item.DType
                || !entry.Shape.SequenceEqual(item.Shape)
            )
                faults.Add($"{Wording.Show(item.Name)} is not there as {item.DType.FileName()} {Wording.Show(item.Shape)}");
            else if (!check.IsEqual(source, written, item))
                faults.Add($"{Wording.Show(item.Name)} has other numbers than {Wording.Show(item.Found)} of the source");
        }
        return faults.Count == 0
            ? check
            : throw new CheckpointException(
                $"{folder}: what was written is not what was read, nothing is kept:\n  {string.Join("\n  ", faults.Take(10))}\nThe disk or the memory may be faulty."
            );
    }

    private bool IsEqual(Checkpoint source, Checkpoint written, ShardPlan.Item item)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor before = source.Read(item.Found),
            after = written.Read(item.Name);
        if (before.dtype == after.dtype)
            return Hash(before).SequenceEqual(Hash(after));
        Measure(before, after);
        return Hash(before.to(after.dtype)).SequenceEqual(Hash(after));
    }

    private void Measure(torch.Tensor before, torch.Tensor after)
    {
        // Of equal infinities the difference is NaN, and no change.
        var change = after.to(torch.ScalarType.Float64).sub(before).abs().nan_to_num(0);
        if (change.numel() == 0 || change.max().item<double>() is not (> 0 and var largest))
            return;
        Rounded++;
        LargestChange = Math.Max(LargestChange, largest);
    }

    private static byte[] Hash(torch.Tensor tensor)
    {
        using var stream = new HashStream();
        SafeTensorsWriter.WriteData(stream, tensor);
        return stream.Hash.GetCurrentHash();
    }

    // The writer's way of laying numbers out is the one that is hashed.
    private sealed class HashStream : OneWayStream
    {
        public XxHash128 Hash { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer) => Hash.Append(buffer);
    }
}
