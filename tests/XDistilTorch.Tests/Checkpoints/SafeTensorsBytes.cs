using System.Buffers.Binary;
using System.Text;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>Safetensors files made by hand, right and wrong ones.</summary>
internal static class SafeTensorsBytes
{
    public static byte[] Of(string json, int dataLength, ulong? headerLength = null) =>
        Of(Encoding.UTF8.GetBytes(json), [.. Enumerable.Range(1, dataLength).Select(i => (byte)i)], headerLength);

    public static byte[] Of(byte[] json, byte[] data, ulong? headerLength = null)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, headerLength ?? (ulong)json.Length);
        return [.. length, .. json, .. data];
    }

    /// <summary>A file with everything a right file may have.</summary>
    public static byte[] Rich { get; } =
        Of(
            """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"":{"dtype":"I64","shape":[],"data_offsets":[16,24]},
            "zero":{"dtype":"F16","shape":[0,3],"data_offsets":[24,24]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[24,30],"later":[{"x":1}]}}
            """,
            30
        );
}
