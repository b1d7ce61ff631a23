using System.Buffers.Binary;
using Tensorboard;

namespace XDistilTorch.Tests.Training;

/// <summary>The events of a file, read with its checksums by the definition of CRC-32C, bit by bit.</summary>
internal static class EventRecords
{
    public static List<Event> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        List<Event> events = [];
        for (ReadOnlySpan<byte> rest = bytes; rest.Length > 0; )
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(rest);
            Checksum(rest[8..]).Should().Be(Masked(rest[..8]), "checksum of the length of record {0}", events.Count);
            var data = rest.Slice(12, length);
            Checksum(rest[(12 + length)..]).Should().Be(Masked(data), "checksum of record {0}", events.Count);
            // Not from a span: the generated types are of an older protobuf.
            events.Add(Event.Parser.ParseFrom(data.ToArray()));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
        }
        return crc ^ 0xFFFFFFFFu;
    }

    private static uint Checksum(ReadOnlySpan<byte> place) => BinaryPrimitives.ReadUInt32LittleEndian(place);

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
    }
}
