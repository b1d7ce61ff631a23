using System.IO.Hashing;

namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>Where the elements of a storage lie in the file, and the checksum that goes with them, if any.</summary>
internal sealed class StorageData(MappedFile file, long offset, string name, long length, uint? crc32)
{
    private const int PieceLength = 1 << 26;

    private readonly Lock gate = new();
    private bool verified;

    /// <summary>The tensor that is this view of the storage.</summary>
    public StoredTensor View(string tensorName, PickleTensor tensor)
    {
        var type = tensor.Storage.DType;
        var size = type.Bits() / 8;
        var entry = new TensorEntry(tensorName, type, tensor.Shape.AsReadOnly(), type.ByteLength(tensor.Shape)!.Value, file.Path);
        return new StoredTensor(entry, file, offset + tensor.Offset * size, IsContiguous(tensor) ? null : tensor.Strides, Verify);
    }

    /// <summary>Compares the data with its checksum, the first time.</summary>
    /// <exception cref="CheckpointException">They differ.</exception>
    public void Verify()
    {
        if (crc32 is null)
            return;
        lock (gate)
        {
            if (verified)
                return;
            CheckCrc32(file, name, offset, length, crc32.Value);
            verified = true;
        }
    }

    /// <exception cref="CheckpointException">The data does not have this checksum.</exception>
    public static void CheckCrc32(MappedFile file, string name, long offset, long length, uint expected)
    {
        var crc = new Crc32();
        for (var done = 0L; done < length; done += PieceLength)
            crc.Append(file.Bytes(offset + done, (int)Math.Min(PieceLength, length - done)));
        var found = crc.GetCurrentHashAsUInt32();
        if (found != expected)
            throw new CheckpointException(
                $"{file.Path}: the data of {Wording.Show(name)} is damaged: its checksum (CRC-32) is {found:x8}, the archive says {expected:x8}. Copy or download the file again."
            );
    }

    private static bool IsContiguous(PickleTensor tensor)
    {
        var expected = 1L;
        for (var i = tensor.Shape.Length - 1; i >= 0; i--)
        {
            // The stride along a size of 1 is never used.
            if (tensor.Shape[i] != 1 && tensor.Strides[i] != expected)
                return tensor.Shape.Contains(0);
            expected *= Math.Max(1, tensor.Shape[i]);
        }
        return true;
    }
}
