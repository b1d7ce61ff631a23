using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// The header of a safetensors file: 8 bytes of length (little-endian), then JSON that names every tensor with its type, shape and place.
/// Everything that can be wrong is found here, before anything is allocated for a tensor.
/// </summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The longest header the format allows, bytes.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>The key whose value is not a tensor but the file's own notes.</summary>
    public const string MetadataKey = "__metadata__";

    // A tensor's entry is two deep; what deeper values extra fields have is skipped, to a bound.
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 64 };

    private readonly MappedFile file;
    private readonly OrderedDictionary<string, Place> places = new(StringComparer.Ordinal);

    private SafeTensorsHeader(MappedFile file) => this.file = file;

    /// <summary>A tensor's type and shape, and its range [Begin, End) in bytes of the data part.</summary>
    public sealed record Place(string Name, DType DType, long[] Shape, long Begin, long End);

    /// <summary>Where the data part starts, bytes from the start of the file.</summary>
    public long DataStart { get; private set; }

    /// <summary>The file's notes; empty when it has none.</summary>
    public OrderedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<Place> Places { get; private set; } = [];

    /// <exception cref="CheckpointException">The header breaks the format, or its tensors do not fill the data exactly.</exception>
    public static SafeTensorsHeader Read(MappedFile file)
    {
        var header = new SafeTensorsHeader(file);
        header.Parse(header.Json());
        header.Places = header.InOrderOfData();
        return header;
    }

    private ReadOnlySpan<byte> Json()
    {
        if (file.Length < 8)
            throw Fault(
                $"{file.Length} bytes are too few for the length of a header, 8 bytes; the file is cut short or no safetensors file"
            );
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, 8));
        if (length > LongestHeader)
            throw Fault($"the header's length is {length:N0} bytes, at most {LongestHeader:N0} are allowed; this is no safetensors file");
        if (length > (ulong)(file.Length - 8))
            throw Fault(
                $"the header's length is {length:N0} bytes, after it the file has only {file.Length - 8:N0}; the file is cut short"
            );
        DataStart = 8 + (long)length;

        var json = file.Bytes(8, (int)length);
        return Utf8.IsValid(json) ? json : throw Fault("the header is not UTF-8");
    }

    private void Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Strict);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Fault($"the header is {Describe(ref reader)}, expected a JSON object of tensors");
            var metadataSeen = false;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = Text(ref reader);
                reader.Read();
                if (name != MetadataKey)
                {
                    if (!places.TryAdd(name, ReadPlace(ref reader, name)))
                        throw Fault($"the tensor {Wording.Show(name)} is named twice in the header");
                }
                else if (metadataSeen)
                    throw Fault($"{MetadataKey} stands twice in the header");
                else
                {
                    metadataSeen = true;
                    ReadMetadata(ref reader);
                }
            }
            reader.Read(); // whatever follows the object is an error
        }
        catch (JsonException e)
        {
            throw Fault($"the header is not JSON at byte {8 + reader.BytesConsumed}: {FirstSentence(e.Message)}", e);
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault($"{MetadataKey} is {Describe(ref reader)}, expected an object of strings");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fault($"{MetadataKey}: {Wording.Show(key)} is {Describe(ref reader)}, expected a string");
            if (!Metadata.TryAdd(key, Text(ref reader)))
                throw Fault($"{MetadataKey}: {Wording.Show(key)} stands there twice");
        }
    }

    private Place ReadPlace(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault($"{Wording.Show(name)} is {Describe(ref reader)}, expected an object with dtype, shape and data_offsets");

        DType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = Text(ref reader);
            reader.Read();
            var again = field switch
            {
                "dtype" => Assign(ref dtype, ReadDType(ref reader, name)),
                "shape" => Assign(ref shape, ReadNumbers(ref reader, name, field)),
                "data_offsets" => Assign(ref offsets, ReadNumbers(ref reader, name, field)),
                _ => !reader.TrySkip(), // fields of later versions
            };
            if (again)
                throw Fault($"{Wording.Show(name)} has {field} twice");
        }
        return Checked(
            name,
            dtype ?? throw Fault($"{Wording.Show(name)} has no dtype"),
            shape ?? throw Fault($"{Wording.Show(name)} has no shape"),
            offsets ?? throw Fault($"{Wording.Show(name)} has no data_offsets")
        );
    }

    private static bool Assign<T>(ref T? field, T value)
    {
        var again = field is not null;
        field = value;
        return again;
    }

    private static bool Assign(ref DType? field, DType value)
    {
        var again = field is not null;
        field = value;
        return again;
    }

    private DType ReadDType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Fault($"{Wording.Show(name)}: dtype is {Describe(ref reader)}, expected one of {DTypes.All}");
        var text = Text(ref reader);
        return DTypes.TryParse(text, out var dtype)
            ? dtype
            : throw Fault($"{Wording.Show(name)}: dtype is {Wording.Show(text)}, expected one of {DTypes.All}");
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fault($"{Wording.Show(name)}: {field} is {Describe(ref reader)}, expected a list of whole numbers");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            // Unsigned, because "-0" is no whole number of the format.
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var number) && number <= long.MaxValue)
                numbers.Add((long)number);
            else
                throw Fault($"{Wording.Show(name)}: {field} has {Describe(ref reader)}, expected a whole number from 0 to {long.MaxValue}");
        return [.. numbers];
    }

    private Place Checked(string name, DType dtype, long[] shape, long[] offsets)
    {
        if (offsets.Length != 2)
            throw Fault($"{Wording.Show(name)}: data_offsets has {Wording.Count(offsets.Length, "number")}, expected 2, begin and end");
        if (offsets[0] > offsets[1])
            throw Fault($"{Wording.Show(name)}: data_offsets end at {offsets[1]}, before they begin at {offsets[0]}");

        var what = $"{Wording.Show(name)} of shape {Wording.Show(shape.Take(64))}";
        var bytes =
            dtype.ByteLength(shape)
            ?? throw Fault($"{what} and type {dtype.FileName()}: the size overflows, or is no whole number of bytes");
        var given = offsets[1] - offsets[0];
        if (given != bytes)
            throw Fault($"{what} and type {dtype.FileName()} is {bytes:N0} bytes, its data_offsets span {given:N0}");
        return new Place(name, dtype, shape, offsets[0], offsets[1]);
    }

    private Place[] InOrderOfData()
    {
        Place[] ordered = [.. places.Values];
        Array.Sort(ordered, (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        var end = 0L;
        Place? previous = null;
        foreach (var place in ordered)
        {
            if (place.Begin != end)
                throw Fault(
                    $"the data of {Wording.Show(place.Name)} begins at {place.Begin:N0}, expected {end:N0}, where "
                        + (previous is null ? "the data begins" : $"that of {Wording.Show(previous.Name)} ends")
                        + (place.Begin > end ? ": a hole" : ": they overlap")
                );
            end = place.End;
            previous = place;
        }
        var length = file.Length - DataStart;
        if (end > length)
            throw Fault($"the tensors' data ends at {end:N0}, the file has only {length:N0} bytes of it; the file is cut short");
        if (end < length)
            throw Fault($"the tensors' data ends at {end:N0}, after it the file has {length - end:N0} more bytes that belong to no tensor");
        return ordered;
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e) // how the reader reports half a surrogate pair, "\ud800"
        {
            throw Fault($"the header has text that is not Unicode at byte {8 + reader.TokenStartIndex}", e);
        }
    }

    private static string Describe(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a string",
            JsonTokenType.Number when reader.ValueSpan.Length <= 40 =>
                $"the number {System.Text.Encoding.UTF8.GetString(reader.ValueSpan)}",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "true or false",
            JsonTokenType.Null => "null",
            _ => "empty",
        };

    private static string FirstSentence(string message) => message.Split(" LineNumber:")[0];

    private CheckpointException Fault(string finding, Exception? inner = null) => new($"{file.Path}: {finding}.", inner);
}
