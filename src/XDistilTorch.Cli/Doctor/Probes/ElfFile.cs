using System.Buffers.Binary;
using System.Text;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>A version of symbols that a library asks of another one; a weak one may be absent.</summary>
internal sealed record VersionNeed(string Library, string Version, bool IsWeak);

/// <summary>
/// What a 64-bit little-endian ELF library says of itself, read without loading it: the loader ends the process over some broken ones.
/// </summary>
internal sealed class ElfFile : IDisposable
{
    private const uint Dynamic = 6,
        NoBits = 8,
        VersionDefinitions = 0x6ffffffd,
        VersionNeeds = 0x6ffffffe;
    private const long NeededTag = 1;
    private const int LongestName = 4096;

    private readonly FileStream file;
    private readonly Section[] sections;

    /// <exception cref="InvalidDataException">It is no such file, or a part of it is not there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ElfFile(string path)
    {
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 12);
        try
        {
            var header = Bytes(0, 64);
            if (!header.AsSpan(0, 6).SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
                throw new InvalidDataException("it is no 64-bit ELF library");
            sections = Sections(header);
            if (sections.Where(section => section.Type != NoBits).Max(section => (long?)(section.Offset + section.Size)) > file.Length)
                throw new InvalidDataException($"it ends at byte {file.Length}, in the middle of its contents");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The libraries that it needs, by the names that the loader looks for.</summary>
    public IEnumerable<string> Needed()
    {
        foreach (var section in sections.Where(section => section.Type == Dynamic))
        {
            var entries = Bytes(section.Offset, section.Size);
            for (var at = 0; at + 16 <= entries.Length; at += 16)
                if (Int64(entries, at) == NeededTag)
                    yield return Name(section, Int64(entries, at + 8));
        }
    }

    /// <summary>The versions of symbols that it needs of other libraries.</summary>
    public IEnumerable<VersionNeed> Needs()
    {
        foreach (var section in sections.Where(section => section.Type == VersionNeeds))
        {
            var bytes = Bytes(section.Offset, section.Size);
            foreach (var need in Chain(bytes, 0, 12, int.MaxValue))
            foreach (var version in Chain(bytes, need + (int)UInt32(bytes, need + 8), 12, UInt16(bytes, need + 2)))
                yield return new VersionNeed(
                    Name(section, UInt32(bytes, need + 4)),
                    Name(section, UInt32(bytes, version + 8)),
                    (UInt16(bytes, version + 4) & 2) != 0
                );
        }
    }

    /// <summary>The versions of symbols that it has for others.</summary>
    public IEnumerable<string> Definitions()
    {
        foreach (var section in sections.Where(section => section.Type == VersionDefinitions))
        {
            var bytes = Bytes(section.Offset, section.Size);
            foreach (var definition in Chain(bytes, 0, 16, int.MaxValue))
                yield return Name(section, UInt32(bytes, definition + (int)UInt32(bytes, definition + 12)));
        }
    }

    public void Dispose() => file.Dispose();

    // Entries that say how far the next one is; 0: there is none.
    private static IEnumerable<int> Chain(byte[] bytes, int first, int next, int count)
    {
        for (var at = first; count > 0; count--)
        {
            yield return at;
            var step = (int)UInt32(bytes, at + next);
            if (step == 0)
                yield break;
            if (step < 0) // would go round and round
                throw new InvalidDataException("its tables of versions are damaged");
            at += step;
        }
    }

    private Section[] Sections(byte[] header)
    {
        int size = UInt16(header, 0x3a),
            count = UInt16(header, 0x3c);
        var table = Bytes(Int64(header, 0x28), (long)size * count);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => i * size)
                .Select(at => new Section(
                    UInt32(table, at + 4),
                    Int64(table, at + 24),
                    Int64(table, at + 32),
                    (int)UInt32(table, at + 40)
                )),
        ];
    }

    private string Name(Section section, long offset)
    {
        if (section.Link < 0 || section.Link >= sections.Length)
            throw new InvalidDataException("its table of names is not there");
        var names = sections[section.Link];
        var bytes = Bytes(names.Offset + offset, Math.Min(LongestName, names.Size - offset));
        var end = Array.IndexOf(bytes, (byte)0);
        return Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end);
    }

    private byte[] Bytes(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > file.Length - count)
            throw new InvalidDataException($"it ends at byte {file.Length}, in the middle of its contents");
        var bytes = new byte[count];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Int64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private readonly record struct Section(uint Type, long Offset, long Size, int Link);
}
