namespace XDistilTorch.Formats.Parquet;

/// <summary>
/// Whether bytes are one whole struct in Thrift's compact form, whatever its fields mean. The library does not ask: at the end of damaged bytes, and in a list that
/// claims billions of items, it goes on for ever.
/// </summary>
internal ref struct ThriftCheck
{
    // Parquet's own nest six deep.
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> bytes;
    private int at;

    private ThriftCheck(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    private enum Kind
    {
        Stop,
        True,
        False,
        Byte,
        I16,
        I32,
        I64,
        Double,
        Binary,
        List,
        Set,
        Map,
        Struct,
    }

    /// <summary>Whether the bytes begin with a whole struct.</summary>
    public static bool IsStruct(ReadOnlySpan<byte> bytes)
    {
        var check = new ThriftCheck(bytes);
        return check.Struct(0);
    }

    private bool Struct(int depth)
    {
        if (depth > Deepest)
            return false;
        while (Next(out var header))
        {
            var kind = (Kind)(header & 0x0F);
            if (kind == Kind.Stop)
                return true;
            if (header >> 4 == 0 && !Number(out _)) // the field's number, where it is not counted on from the last one
                return false;
            if (kind is not (Kind.True or Kind.False) && !Value(kind, depth)) // those two are their own values
                return false;
        }
        return false;
    }

    private bool Value(Kind kind, int depth) =>
        kind switch
        {
            Kind.True or Kind.False or Kind.Byte => Skip(1), // a truth in a list is a byte
            Kind.I16 or Kind.I32 or Kind.I64 => Number(out _),
            Kind.Double => Skip(8),
            Kind.Binary => Number(out var length) && Skip(length),
            Kind.List or Kind.Set => List(depth + 1),
            Kind.Map => Map(depth + 1),
            Kind.Struct => Struct(depth + 1),
            _ => false,
        };

    private bool List(int depth)
    {
        if (depth > Deepest || !Next(out var header))
            return false;
        ulong count = (uint)header >> 4;
        return (count < 15 || Number(out count)) && Items(count, (Kind)(header & 0x0F), null, depth);
    }

    private bool Map(int depth)
    {
        if (depth > Deepest || !Number(out var count))
            return false;
        return count == 0 || (Next(out var kinds) && Items(count, (Kind)(kinds >> 4), (Kind)(kinds & 0x0F), depth));
    }

    private bool Items(ulong count, Kind kind, Kind? second, int depth)
    {
        if (count > (ulong)(bytes.Length - at)) // each takes a byte at least
            return false;
        for (; count > 0; count--)
            if (!Value(kind, depth) || (second is { } other && !Value(other, depth)))
                return false;
        return true;
    }

    private bool Next(out byte value)
    {
        value = at < bytes.Length ? bytes[at] : (byte)0;
        return at++ < bytes.Length;
    }

    private bool Skip(ulong count)
    {
        if (count > (ulong)(bytes.Length - at))
            return false;
        at += (int)count;
        return true;
    }

    private bool Number(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (!Next(out var next))
                return false;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }
}
