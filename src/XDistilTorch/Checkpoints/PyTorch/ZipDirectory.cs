using System.Buffers.Binary;
using System.Text;

namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>An entry of a zip file, stored as it is.</summary>
/// <param name="Name">Its path in the archive, a plain relative one.</param>
/// <param name="Offset">Where its data starts, bytes from the start of the file.</param>
/// <param name="Length">The size of its data, bytes.</param>
/// <param name="Crc32">The checksum the archive keeps of it.</param>
internal sealed record ZipEntry(string Name, long Offset, long Length, uint Crc32);

/// <summary>
/// The directory of a zip file in memory, as far as PyTorch's files need it: entries that are stored, not compressed, so that tensors can be
/// read where they lie. (The platform's own reader gives streams, not places, and would copy.) Both sets of headers must agree.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;
    private const int EntryLength = 46;
    private const int LocalLength = 30;

    private readonly MappedFile file;
    private readonly Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);

    private ZipDirectory(MappedFile file) => this.file = file;

    /// <summary>The entries by name; folders are left out.</summary>
    public IReadOnlyDictionary<string, ZipEntry> Entries => entries;

    public static bool IsZip(MappedFile file) =>
        file.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(file.Bytes(0, 4)) == LocalSignature;

    /// <exception cref="CheckpointException">The directory is damaged, or holds what PyTorch does not write.</exception>
    public static ZipDirectory Read(MappedFile file)
    {
        var zip = new ZipDirectory(file);
        zip.ReadEntries(zip.FindDirectory());
        return zip;
    }

    private sealed record Extent(long Offset, long Length, long Count);

    private Extent FindDirectory()
    {
        // The record is the last thing in the file, but for a comment of at most 65,535 bytes.
        for (var end = file.Length - EndLength; end >= Math.Max(0, file.Length - EndLength - ushort.MaxValue); end--)
        {
            var record = file.Bytes(end, EndLength);
            if (UInt32(record) != EndSignature || UInt16(record[20..]) != file.Length - end - EndLength)
                continue;
            if (FindZip64(end) is { } extent)
                return extent;
            if (UInt16(record[4..]) != 0 || UInt16(record[6..]) != 0 || UInt16(record[8..]) != UInt16(record[10..]))
                throw Fault("the archive is spread over several files");
            return Within(end, UInt32(record[16..]), UInt32(record[12..]), UInt16(record[10..]));
        }
        throw Fault("it begins as a zip archive, but has no directory at its end; the file is cut short");
    }

    private Extent? FindZip64(long end)
    {
        if (end < 20 || UInt32(file.Bytes(end - 20, 20)) is not Zip64LocatorSignature)
            return null;
        var offset = UInt64(file.Bytes(end - 20, 20)[8..]);
        if (offset > end - 20 - 56)
            throw Fault($"its zip64 directory record would begin at {offset:N0}; the archive is damaged");
        var record = file.Bytes(offset, 56);
        if (UInt32(record) != Zip64EndSignature)
            throw Fault($"there is no zip64 directory record at {offset:N0}; the archive is damaged");
        return Within(offset, UInt64(record[48..]), UInt64(record[40..]), UInt64(record[32..]));
    }

    private Extent Within(long end, long offset, long length, long count) =>
        offset <= end && length <= end - offset && length <= int.MaxValue && count <= length / EntryLength
            ? new Extent(offset, length, count)
            : throw Fault($"its directory of {count:N0} entries would lie at {offset:N0}, {length:N0} bytes long; the archive is damaged");

    private void ReadEntries(Extent directory)
    {
        var rest = file.Bytes(directory.Offset, (int)directory.Length);
        for (var i = 0L; i < directory.Count; i++)
        {
            if (rest.Length < EntryLength || UInt32(rest) != EntrySignature)
                throw Fault($"entry {i} of its directory is damaged");
            var nameLength = UInt16(rest[28..]);
            var extraLength = UInt16(rest[30..]);
            var length = EntryLength + nameLength + extraLength + UInt16(rest[32..]);
            if (rest.Length < length)
                throw Fault($"entry {i} of its directory is cut short");

            var name = rest.Slice(EntryLength, nameLength);
            Add(directory, rest[..EntryLength], name, rest.Slice(EntryLength + nameLength, extraLength));
            rest = rest[length..];
        }
    }

    private void Add(Extent directory, ReadOnlySpan<byte> record, ReadOnlySpan<byte> nameBytes, ReadOnlySpan<byte> extra)
    {
        var name = PlainName(nameBytes);
        var flags = UInt16(record[8..]);
        var method = UInt16(record[10..]);
        if ((flags & 1) != 0)
            throw Fault($"the entry {Wording.Show(name)} is encrypted");
        if (method != 0)
            throw Fault(
                $"the entry {Wording.Show(name)} is compressed (method {method}), expected stored as PyTorch writes it; save the weights anew"
            );

        var (stored, length, local) = Sizes(record, extra, name);
        if (stored != length)
            throw Fault($"the entry {Wording.Show(name)} is stored, but as {stored:N0} bytes of {length:N0}; the archive is damaged");
        if (name.EndsWith('/'))
            return;
        if (!entries.TryAdd(name, new ZipEntry(name, DataOf(directory, local, nameBytes, name, length), length, UInt32(record[16..]))))
            throw Fault($"the entry {Wording.Show(name)} stands in its directory twice");
    }

    // Values that do not fit into 32 bits are in an extra field, in this order, only those that do not fit.
    private (long Stored, long Length, long Local) Sizes(ReadOnlySpan<byte> record, ReadOnlySpan<byte> extra, string name)
    {
        var large = Zip64Field(extra);
        var length = Wide(UInt32(record[24..]), ref large, name);
        var stored = Wide(UInt32(record[20..]), ref large, name);
        var local = Wide(UInt32(record[42..]), ref large, name);
        return (stored, length, local);
    }

    private long Wide(uint value, ref ReadOnlySpan<byte> large, string name)
    {
        if (value != uint.MaxValue)
            return value;
        if (large.Length < 8)
            throw Fault($"the entry {Wording.Show(name)} lacks its 64-bit size; the archive is damaged");
        var wide = UInt64(large);
        large = large[8..];
        return wide;
    }

    private static ReadOnlySpan<byte> Zip64Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(UInt16(extra[2..]), extra.Length - 4);
            if (UInt16(extra) == 1)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return [];
    }

    private long DataOf(Extent directory, long local, ReadOnlySpan<byte> nameBytes, string name, long length)
    {
        if (local > directory.Offset - LocalLength)
            throw Fault($"the entry {Wording.Show(name)} would begin at {local:N0}; the archive is damaged");
        var record = file.Bytes(local, LocalLength);
        var data = local + LocalLength + UInt16(record[26..]) + UInt16(record[28..]);
        if (UInt32(record) != LocalSignature || UInt16(record[26..]) != nameBytes.Length || data > directory.Offset)
            throw Fault($"the entry {Wording.Show(name)} has no header of its own at {local:N0}; the archive is damaged");
        if (!file.Bytes(local + LocalLength, nameBytes.Length).SequenceEqual(nameBytes) || UInt16(record[8..]) != 0)
            throw Fault($"the entry {Wording.Show(name)} has a header of its own that says otherwise; the archive is damaged");
        return length <= directory.Offset - data
            ? data
            : throw Fault(
                $"the entry {Wording.Show(name)} of {length:N0} bytes at {data:N0} reaches into the directory; the archive is damaged"
            );
    }

    // Nothing is ever extracted, but an archive whose names point outside itself was not made to hold weights.
    private string PlainName(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            throw Fault("an entry's name is not UTF-8");
        var name = Encoding.UTF8.GetString(bytes);
        var parts = name.EndsWith('/') ? name[..^1].Split('/') : name.Split('/');
        if (
            parts.Any(part => part is "" or "." or "..")
            || name.Contains('\\', StringComparison.Ordinal)
            || name.Contains('\0', StringComparison.Ordinal)
        )
            throw Fault($"an entry has the name {Wording.Show(name)}, expected a plain path within the archive");
        return name;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private long UInt64(ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return value >= 0 ? value : throw Fault("a 64-bit size is beyond all files; the archive is damaged");
    }

    private CheckpointException Fault(string finding) => new($"{file.Path}: {finding}.");
}
