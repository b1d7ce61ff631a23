using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// Where a tensor lies in a mapped file. Its elements are copied, and converted, straight from the map to where they are wanted;
/// there is no second copy of the file in memory.
/// </summary>
internal sealed class StoredTensor(TensorEntry entry, MappedFile file, long offset, long[]? strides = null, Action? verify = null)
{
    // torch copies up to 32,768 elements on the calling thread. Longer ones it hands to its threads, which gains some 30 ms for 33 million
    // elements on an idle machine and loses a second on a busy one, where the threads wait for each other 200 times, spinning.
    private const long PieceLength = 32_704;

    private readonly long[] shape = [.. entry.Shape];

    public TensorEntry Entry => entry;

    /// <summary>The file that holds it.</summary>
    public MappedFile File => file;

    /// <summary>The place of the first element, bytes from the start of the file.</summary>
    public long Offset => offset;

    /// <summary>Checks what the file keeps to check its own content (a zip's CRC), once; a format without such a thing passes.</summary>
    /// <exception cref="CheckpointException">The content is damaged.</exception>
    public void Verify() => verify?.Invoke();

    /// <summary>The tensor in the file's type; the caller owns it.</summary>
    /// <exception cref="CheckpointException">torch has no such type here, or the content is damaged.</exception>
    public Tensor ToTensor()
    {
        var dtype = TorchType();
        Verify();
        var tensor = empty(shape, dtype);
        CopyInto(tensor);
        return tensor;
    }

    /// <summary>Copies the elements into a tensor of the same shape, on any device, converting to its type.</summary>
    public void CopyInto(Tensor destination)
    {
        if (!destination.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException(
                $"{Wording.Show(entry.Name)} is {Wording.Show(shape)}, the destination is {Wording.Show(destination.shape)}.",
                nameof(destination)
            );
        var dtype = TorchType();

        using var pin = new MappedFile.Pin(file);
        using var grad = no_grad();
        var start = pin.Start + (nint)offset;
        if (strides is not null)
            CopyStrided(start, dtype, strides, destination);
        else if (destination.is_contiguous())
            CopyInPieces(start, dtype, destination);
        else
        {
            using var source = TensorOverMemory.Create(start, shape, dtype);
            destination.copy_(source);
        }
    }

    /// <summary>Copies the elements, which are of floating point, in order and as fp32; libtorch is not needed. The file's pages are not kept in memory for it.</summary>
    /// <param name="destination">Takes as many numbers as the tensor has.</param>
    public unsafe void CopyTo(Span<float> destination)
    {
        using var pin = new MappedFile.Pin(file);
        var size = entry.DType.Bits() / 8;
        var extent = strides is null ? destination.Length : Extent(shape, strides);
        var bytes = new ReadOnlySpan<byte>((byte*)pin.Start + offset, checked((int)(extent * size)));
        if (strides is null)
            FloatConversion.ToFloats(bytes, entry.DType, destination);
        else
            for (var i = 0; i < destination.Length; i++)
                FloatConversion.ToFloats(bytes.Slice((int)Place(i) * size, size), entry.DType, destination.Slice(i, 1));
        file.Forget(offset, bytes.Length);
    }

    /// <summary>Copies the elements as they are, if they lie one after the other.</summary>
    /// <param name="destination">Takes the tensor's <see cref="TensorEntry.ByteLength"/>.</param>
    /// <returns>Whether they do.</returns>
    public bool TryCopyBytes(Span<byte> destination)
    {
        if (strides is not null)
            return false;
        file.Bytes(offset, destination.Length).CopyTo(destination);
        file.Forget(offset, destination.Length);
        return true;
    }

    // Where an element of a strided tensor lies, counted from the first one.
    private long Place(long index)
    {
        var place = 0L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            place += index % shape[i] * strides![i];
            index /= shape[i];
        }
        return place;
    }

    private void CopyStrided(nint start, ScalarType dtype, long[] strides, Tensor destination)
    {
        using var elements = TensorOverMemory.Create(start, [Extent(shape, strides)], dtype);
        using var source = elements.as_strided(shape, strides);
        destination.copy_(source);
    }

    private void CopyInPieces(nint start, ScalarType dtype, Tensor destination)
    {
        var size = entry.DType.Bits() / 8;
        using var flat = destination.view(-1);
        var count = flat.numel();
        for (var done = 0L; done < count; done += PieceLength)
        {
            var length = Math.Min(PieceLength, count - done);
            using var source = TensorOverMemory.Create(start + (nint)(done * size), [length], dtype);
            using var piece = flat.narrow(0, done, length);
            piece.copy_(source);
        }
        file.Forget(offset, count * size);
    }

    /// <summary>How many elements of the storage a strided tensor spans, from its first to its last.</summary>
    /// <exception cref="OverflowException">More than an Int64 counts.</exception>
    public static long Extent(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        if (shape.Contains(0))
            return 0;
        var extent = 1L;
        for (var i = 0; i < shape.Length; i++)
            extent = checked(extent + (shape[i] - 1) * strides[i]);
        return extent;
    }

    private ScalarType TorchType() =>
        entry.DType.TryTorch(out var torch)
            ? torch.Value
            : throw new CheckpointException(
                $"{entry.File}: {Wording.Show(entry.Name)} is {entry.DType.FileName()}, which libtorch has no tensors of here (it has {DTypes.Readable}); its raw bytes can be read."
            );
}
