using System.Text.Json;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>An object inside a JSON file that knows where it is, so that what is wrong with a field can be said with its place.</summary>
internal readonly record struct JsonPlace(TokenizerFile File, string Path, JsonElement Element)
{
    /// <summary>The field's own place, whether it is there or not.</summary>
    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

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
        var tokens = field.ValueKind == JsonValueKind.Array ? field.EnumerateArray().Select(Token).ToList() : [null];
        return tokens.OfType<string>().ToList() is var all && all.Count == tokens.Count
            ? all
            : throw Unexpected(name, field, "a list of tokens");
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
        if (field.ValueKind != JsonValueKind.Array || field.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Object))
            throw Unexpected(name, field, "a list of objects");
        var (file, path) = (File, PathOf(name));
        return [.. field.EnumerateArray().Select((e, i) => new JsonPlace(file, $"{path}[{i}]", e))];
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
