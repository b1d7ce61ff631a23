namespace XDistilTorch.Checkpoints;

/// <summary>What a file says of one of its tensors; nothing of the tensor has been read.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="DType">The type of the elements in the file.</param>
/// <param name="Shape">The sizes; empty for a scalar.</param>
/// <param name="ByteLength">The size of the elements, bytes.</param>
/// <param name="File">The path of the file that holds it.</param>
public sealed record TensorEntry(string Name, DType DType, IReadOnlyList<long> Shape, long ByteLength, string File);
