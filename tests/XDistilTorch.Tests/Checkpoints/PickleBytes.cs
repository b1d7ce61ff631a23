using System.Buffers.Binary;
using System.Text;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>Writes pickles instruction by instruction, as torch.save does, or as somebody would who wants harm.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> bytes = [];

    public PickleBytes(byte protocol = 2) => Raw(0x80, protocol);

    public PickleBytes Raw(params ReadOnlySpan<byte> instructions)
    {
        bytes.AddRange(instructions);
        return this;
    }

    public PickleBytes Global(string module, string name) => Raw(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));

    public PickleBytes Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Raw((byte)'X').Number(utf8.Length).Raw(utf8);
    }

    public PickleBytes Int(int value) => Raw((byte)'J').Number(value);

    public PickleBytes Tuple(params int[] items)
    {
        Raw((byte)'(');
        foreach (var item in items)
            Int(item);
        return Raw((byte)'t');
    }

    public PickleBytes EmptyOrderedDict() => Global("collections", "OrderedDict").Raw((byte)')', (byte)'R');

    public PickleBytes Storage(string key, int count, string type = "FloatStorage", bool legacy = false)
    {
        Raw((byte)'(').Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count);
        return legacy ? Raw((byte)'N', (byte)'t', (byte)'Q') : Raw((byte)'t', (byte)'Q');
    }

    /// <summary>A view of the storage that <paramref name="storage"/> puts on the stack.</summary>
    public PickleBytes Tensor(Action<PickleBytes> storage, int offset, int[] shape, int[] strides)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Raw((byte)'(');
        storage(this);
        return Int(offset).Tuple(shape).Tuple(strides).Raw(0x89).EmptyOrderedDict().Raw((byte)'t', (byte)'R');
    }

    /// <summary>Puts the value on top of the stack under the key below it into the dict below that.</summary>
    public PickleBytes SetItem() => Raw((byte)'s');

    public byte[] Stop() => Raw((byte)'.').bytes.ToArray();

    /// <summary>A state dict of one tensor, w, a view of a storage of four floats.</summary>
    public static byte[] OneTensor(
        int offset = 0,
        int count = 4,
        int[]? shape = null,
        int[]? strides = null,
        string key = "0",
        bool legacy = false
    ) =>
        new PickleBytes()
            .EmptyOrderedDict()
            .Text("w")
            .Tensor(p => p.Storage(key, count, legacy: legacy), offset, shape ?? [4], strides ?? [1])
            .SetItem()
            .Stop();

    /// <summary>The old form of file: the five pickles and one storage.</summary>
    public static byte[] LegacyFile(byte[] stateDict, byte[] storage, long count, bool littleEndian = true, string key = "0")
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, count);
        byte[] magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        return
        [
            .. magic,
            .. new PickleBytes().Int(1001).Stop(),
            .. new PickleBytes().Raw((byte)'}').Text("little_endian").Raw((byte)(littleEndian ? 0x88 : 0x89)).SetItem().Stop(),
            .. stateDict,
            .. new PickleBytes().Raw((byte)']').Text(key).Raw((byte)'a').Stop(),
            .. length,
            .. storage,
        ];
    }

    private PickleBytes Number(int value)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, value);
        return Raw(number);
    }
}
