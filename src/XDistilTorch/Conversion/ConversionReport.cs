using XDistilTorch.Checkpoints;

namespace XDistilTorch.Conversion;

/// <summary>What a conversion did; every tensor that it counts was read back and compared.</summary>
public sealed record ConversionReport
{
    /// <summary>The file, or index of files, that was read.</summary>
    public required string Source { get; init; }

    /// <summary>How many tensors were written, and found equal when read back.</summary>
    public required int Tensors { get; init; }

    /// <summary>How many numbers they have.</summary>
    public required long Numbers { get; init; }

    /// <summary>How many tensors of each type there were.</summary>
    public required IReadOnlyDictionary<DType, int> TypesBefore { get; init; }

    /// <summary>How many of each type there are.</summary>
    public required IReadOnlyDictionary<DType, int> Types { get; init; }

    /// <summary>The size of all tensors before, bytes.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>The size of all tensors, bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many tensors have a number that the new type rounds. In all others every number is the one before.</summary>
    public required int Rounded { get; init; }

    /// <summary>By how much the most rounded number differs from the one before.</summary>
    public required double LargestChange { get; init; }

    /// <summary>Tensors that had names of before 2019.</summary>
    public required IReadOnlyList<RenamedTensor> Renamed { get; init; }

    /// <summary>The files of weights, and of an index where there is one.</summary>
    public required IReadOnlyList<string> WeightFiles { get; init; }

    /// <summary>The other files of the model that were taken along.</summary>
    public required IReadOnlyList<string> Copied { get; init; }

    /// <summary>Files of the folder that were not.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }
}
