using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>Texts in JSON that may be none: the runtime accepts half surrogate pairs (and bytes that are not UTF-8) until the text is asked for.</summary>
internal static class JsonText
{
    /// <summary>The name or string that the reader is at; null when it cannot be a text.</summary>
    public static string? Of(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A string; null when it cannot be a text.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member's name; null when it cannot be a text.</summary>
    public static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
