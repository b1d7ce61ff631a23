using System.Text.Json;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>An object inside a JSON file that knows where it is, so that what is wrong with a field can be said with its place.</summary>
internal sealed class JsonPlace(TokenizerFile file, string path, JsonElement element)
{
    public TokenizerFile File => file;

    public JsonElement Element => element;

    /// <summary>The field's own place, whether it is there or not.</summary>
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public bool Has(string name) => Element.TryGetProperty(name, out _);

    /// <summary>A true or false; null where the field is absent or null.</summary>
    public bool? Boolean(string name) =>
        Field(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.True or JsonValueKind.False ? field.GetBoolean()
        : throw Unexpected(name, field, "true or false");

    /// <summary>A text; null where the field is absent or null.</summary>
    public string? String(string name) =>
        Field(name) is not { } field ? null
        : field.ValueKind == JsonValueKind.String ? field.GetString()
        : throw Unexpected(name, field, "a string");

    /// <summary>A number; null where the field is absent or null.</summary>
    public double? Number(string name) =>
        Field(name) is not { } field ? null
        : field.ValueKind == JsonValueKind.Number ? field.GetDouble()
        : throw Unexpected(name, field, "a number");

    /// <summary>A token, written as a string or as an object with its <c>content</c>; null where the field is absent or null.</summary>
    public string? Token(string name) =>
        Field(name) is not { } field
            ? null
            : Token(field) ?? throw Unexpected(name, field, "a token: a string, or an object with its \"content\"");

    /// <summary>A list of tokens; empty where the field is absent or null.</summary>
    public IReadOnlyList<string> Tokens(string name)
    {
        if (Field(name) is not { } field)
            return [];
        if (field.ValueKind != JsonValueKind.Array)
            throw Unexpected(name, field, "a list of tokens");
        var tokens = new List<string>();
        foreach (var item in field.EnumerateArray())
            tokens.Add(Token(item) ?? throw Unexpected(name, field, "a list of tokens"));
        return tokens;
    }

    /// <summary>An object; null where the field is absent or null.</summary>
    public JsonPlace? Object(string name) =>
        Field(name) is not { } field ? null
        : field.ValueKind == JsonValueKind.Object ? new JsonPlace(File, PathOf(name), field)
        : throw Unexpected(name, field, "an object");

    /// <summary>A list of objects; empty where the field is absent or null.</summary>
    public IReadOnlyList<JsonPlace> Objects(string name)
    {
        if (Field(name) is not { } field)
            return [];
        if (field.ValueKind != JsonValueKind.Array)
            throw Unexpected(name, field, "a list of objects");
        var places = new List<JsonPlace>();
        foreach (var item in field.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Object)
                throw Unexpected(name, field, "a list of objects");
            else
                places.Add(new JsonPlace(file, $"{PathOf(name)}[{places.Count}]", item));
        return places;
    }

    private JsonElement? Field(string name) =>
        Element.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private static string? Token(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()
        : element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("content", out var content)
        && content.ValueKind == JsonValueKind.String
            ? content.GetString()
        : null;

    private TokenizerException Unexpected(string name, JsonElement found, string expected)
    {
        var text = found.GetRawText();
        return File.Fault(PathOf(name), $"found {(text.Length > 60 ? text[..60] + "..." : text)}, expected {expected}. Correct the field.");
    }
}
