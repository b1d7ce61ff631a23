namespace XDistilTorch.Data.Reading;

/// <summary>The place of a row in 40 bits, for the table of ids: a line, or the numbers in a JSON path.</summary>
internal readonly record struct PackedPlace(ulong Bits)
{
    private const int KindShift = 38;
    private const ulong NumberKind = 3;
    private const int IndexBits = 12; // of paragraphs, and of the questions of one; articles have a bit more

    /// <summary>A place that does not fit.</summary>
    public static PackedPlace Unknown { get; } = new((1UL << 40) - 1);

    /// <summary>The line of JSON lines.</summary>
    public static PackedPlace OfLine(long line) => Fitting(0, (ulong)line);

    /// <summary>A row that has a number instead of a line.</summary>
    public static PackedPlace OfNumber(long number) => Fitting(NumberKind, (ulong)number);

    /// <summary>A row of the array <c>$.data</c>, or of the array that is the document.</summary>
    public static PackedPlace OfRow(bool inData, int item) => Fitting(Kind(inData), (ulong)item << 1);

    /// <summary>A question of a paragraph of an article.</summary>
    public static PackedPlace OfQuestion(bool inData, int item, int paragraph, int question) =>
        paragraph >> IndexBits != 0 || question >> IndexBits != 0
            ? Unknown
            : Fitting(Kind(inData), ((((ulong)item << IndexBits) | (uint)paragraph) << (IndexBits + 1)) | ((ulong)question << 1) | 1);

    /// <summary>The place; null when it did not fit.</summary>
    public DataPlace? Unpack()
    {
        if (this == Unknown)
            return null;
        var (kind, value) = (Bits >> KindShift, Bits & ((1UL << KindShift) - 1));
        if (kind == 0)
            return new DataPlace((long)value, "$");
        if (kind == NumberKind)
            return new DataPlace(null, "$") { Row = (long)value };
        var place = new DataPlace(null, kind == Kind(inData: true) ? "$.data" : "$");
        const int Mask = (1 << IndexBits) - 1;
        return (value & 1) == 0
            ? place.Item((int)(value >> 1))
            : place
                .Item((int)(value >> (2 * IndexBits + 1)))
                .Member("paragraphs")
                .Item((int)(value >> (IndexBits + 1)) & Mask)
                .Member("qas")
                .Item((int)(value >> 1) & Mask);
    }

    private static ulong Kind(bool inData) => inData ? 1UL : 2UL;

    private static PackedPlace Fitting(ulong kind, ulong value) => value >> KindShift == 0 ? new((kind << KindShift) | value) : Unknown;
}
