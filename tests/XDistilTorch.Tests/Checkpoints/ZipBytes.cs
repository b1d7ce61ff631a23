using System.IO.Hashing;
using System.Text;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>Zip archives made by hand, so that any field of them can be wrong.</summary>
internal sealed class ZipBytes
{
    private readonly List<byte> local = [];
    private readonly List<byte> directory = [];
    private ushort count;

    /// <summary>An archive as torch.save writes it, of one pickle and one storage of the floats 1, 2, 3, 4.</summary>
    public static ZipBytes Torch(byte[] pickle, string folder = "archive", string order = "little", uint wrongCrc = 0) =>
        new ZipBytes()
            .Add($"{folder}/data.pkl", pickle)
            .Add($"{folder}/byteorder", Encoding.ASCII.GetBytes(order))
            .Add($"{folder}/data/0", FourFloats, crcOffBy: wrongCrc);

    public static byte[] FourFloats { get; } = [.. new float[] { 1, 2, 3, 4 }.SelectMany(BitConverter.GetBytes)];

    public ZipBytes Add(
        string name,
        byte[] data,
        ushort method = 0,
        ushort flags = 0,
        uint crcOffBy = 0,
        bool zip64 = false,
        string? localName = null,
        uint? claimedLength = null
    )
    {
        var start = (uint)local.Count;
        var crc = Crc32.HashToUInt32(data) ^ crcOffBy;
        var length = claimedLength ?? (uint)data.Length;
        var own = Encoding.UTF8.GetBytes(localName ?? name);
        var utf8 = Encoding.UTF8.GetBytes(name);
        Write(local, 0x04034b50u, (ushort)20, flags, method, 0u, crc, length, length, (ushort)own.Length, (ushort)0, own, data);

        // Sizes beyond 32 bits are in an extra field, which may be used for small ones too.
        byte[] extra = zip64 ? Bytes((ushort)1, (ushort)24, (ulong)length, (ulong)length, (ulong)start) : [];
        var inline = zip64 ? uint.MaxValue : length;
        Write(
            directory,
            0x02014b50u,
            (ushort)20,
            (ushort)20,
            flags,
            method,
            0u,
            crc,
            inline,
            inline,
            (ushort)utf8.Length,
            (ushort)extra.Length
        );
        Write(directory, (ushort)0, (ushort)0, (ushort)0, 0u, zip64 ? uint.MaxValue : start, utf8, extra);
        count++;
        return this;
    }

    public byte[] End(string comment = "", bool zip64 = false)
    {
        var offset = (uint)local.Count;
        var length = (uint)directory.Count;
        byte[] large = zip64
            ?
            [
                .. Bytes(0x06064b50u, 44ul, (ushort)45, (ushort)45, 0u, 0u, (ulong)count, (ulong)count, (ulong)length, (ulong)offset),
                .. Bytes(0x07064b50u, 0u, (ulong)(offset + length), 1u),
            ]
            : [];
        var end = zip64
            ? Bytes(
                0x06054b50u,
                (ushort)0,
                (ushort)0,
                ushort.MaxValue,
                ushort.MaxValue,
                uint.MaxValue,
                uint.MaxValue,
                (ushort)comment.Length
            )
            : Bytes(0x06054b50u, (ushort)0, (ushort)0, count, count, length, offset, (ushort)comment.Length);
        return [.. local, .. directory, .. large, .. end, .. Encoding.ASCII.GetBytes(comment)];
    }

    private static byte[] Bytes(params object[] fields)
    {
        var bytes = new List<byte>();
        Write(bytes, fields);
        return [.. bytes];
    }

    private static void Write(List<byte> bytes, params object[] fields)
    {
        foreach (var field in fields)
            bytes.AddRange(
                field switch
                {
                    byte[] several => several,
                    ushort number => BitConverter.GetBytes(number),
                    uint number => BitConverter.GetBytes(number),
                    ulong number => BitConverter.GetBytes(number),
                    _ => throw new ArgumentException($"{field.GetType()}"),
                }
            );
    }
}
