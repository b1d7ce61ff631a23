using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>The fields of one JSON object, checked as they are fetched; what is wrong is added to a list and the field then is null.</summary>
internal sealed class FieldReader
{
    private readonly List<(string Name, JsonElement Value)> fields = [];
    private readonly List<DataFault> faults;

    public FieldReader(JsonElement item, DataPlace place, List<DataFault> faults)
    {
        Place = place;
        this.faults = faults;
        foreach (var property in item.EnumerateObject())
        {
            if (JsonText.NameOf(property) is not { } name)
                faults.Add(LoneSurrogate(place));
            else if (Find(name) is not null)
            {
                IsAmbiguous = true;
                faults.Add(DuplicateKey(place, name));
            }
            else
                fields.Add((name, property.Value));
        }
    }

    public DataPlace Place { get; }

    /// <summary>Whether a name is there twice: then nobody knows which value counts.</summary>
    public bool IsAmbiguous { get; }

    public IEnumerable<string> Names => fields.Select(it => it.Name);

    public static DataFault DuplicateKey(DataPlace place, string name) =>
        new(DataFaultCode.DuplicateKey, place, $"\"{name}\" is there twice in one object.", "Remove one of the two.") { Key = name };

    public static DataFault Missing(DataPlace place, string remedy = "Add the field.") =>
        new(DataFaultCode.MissingField, place, "is missing.", remedy);

    public static DataFault WrongType(DataPlace place, string expected, string found) =>
        new(DataFaultCode.WrongType, place, $"found {Article(found)}, expected {Article(expected)}.", "Correct the value.")
        {
            Expected = expected,
            Found = found,
        };

    public static DataFault LoneSurrogate(DataPlace place) =>
        new(
            DataFaultCode.LoneSurrogate,
            place,
            "holds half of a surrogate pair (an escape of \\ud800 to \\udfff without its other half), which is no character.",
            "Write both halves, or the character itself as UTF-8."
        );

    public bool Has(string name) => Find(name) is not null;

    /// <summary>A text that must be there.</summary>
    public string? Text(string name) => Required(name) is { } value ? TextOf(value, Place.Member(name)) : null;

    /// <summary>A text that may be absent or null.</summary>
    public string? OptionalText(string name) =>
        Find(name) is { ValueKind: not JsonValueKind.Null } value ? TextOf(value, Place.Member(name)) : null;

    /// <summary>True or false, absent or null.</summary>
    public bool? OptionalBoolean(string name) =>
        Find(name) is not { ValueKind: not JsonValueKind.Null } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : Refuse<bool>(WrongType(Place.Member(name), "boolean", KindOf(value)));

    /// <summary>An array that must be there.</summary>
    public JsonElement? Array(string name) => Required(name) is { } value ? OfKind(value, name, JsonValueKind.Array, "array") : null;

    /// <summary>An array that may be absent, but not null.</summary>
    public JsonElement? OptionalArray(string name) => Find(name) is { } value ? OfKind(value, name, JsonValueKind.Array, "array") : null;

    /// <summary>An object that may be absent, but not null.</summary>
    public JsonElement? OptionalObject(string name) => Find(name) is { } value ? OfKind(value, name, JsonValueKind.Object, "object") : null;

    /// <summary>The start of an answer: a whole number, cut to 64 bits.</summary>
    public long? Start(string name, bool mayBeMissing) =>
        mayBeMissing && Find(name) is not { ValueKind: not JsonValueKind.Null } ? null
        : Required(name) is { } value ? StartOf(value, Place.Member(name))
        : null;

    public string? TextOf(JsonElement value, DataPlace place)
    {
        if (value.ValueKind != JsonValueKind.String)
            return Refuse(WrongType(place, "string", KindOf(value)));
        return JsonText.Of(value) ?? Refuse(LoneSurrogate(place));
    }

    public long? StartOf(JsonElement value, DataPlace place)
    {
        if (KindOf(value) != "integer")
            return Refuse<long>(WrongType(place, "integer", KindOf(value)));
        return value.TryGetInt64(out var start) ? start
            : value.GetRawText()[0] == '-' ? long.MinValue
            : long.MaxValue;
    }

    public static string KindOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') ? "number" : "integer",
            JsonValueKind.Null => "null",
            _ => "boolean",
        };

    private JsonElement? OfKind(JsonElement value, string name, JsonValueKind kind, string expected)
    {
        if (value.ValueKind == kind)
            return value;
        faults.Add(WrongType(Place.Member(name), expected, KindOf(value)));
        return null;
    }

    private JsonElement? Required(string name)
    {
        if (Find(name) is { } value)
            return value;
        faults.Add(Missing(Place.Member(name)));
        return null;
    }

    private string? Refuse(DataFault fault)
    {
        faults.Add(fault);
        return null;
    }

    private T? Refuse<T>(DataFault fault)
        where T : struct
    {
        faults.Add(fault);
        return null;
    }

    private JsonElement? Find(string name)
    {
        foreach (var (known, value) in fields)
            if (known == name)
                return value;
        return null;
    }

    private static string Article(string kind) =>
        kind is "null" ? kind
        : kind[0] is 'a' or 'i' or 'o' ? "an " + kind
        : "a " + kind;
}
