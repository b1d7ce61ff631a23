using System.Text.Json;

namespace XDistilTorch.Cli;

/// <summary>A row of <c>xdistil tokenize</c>'s input.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text, if any.</param>
internal sealed record TextRow(string Text, string? Pair)
{
    /// <summary>Rows of JSON Lines with their places for messages; blank lines are passed over.</summary>
    public static IEnumerable<(TextRow Row, string Place)> Read(Stream input, string name)
    {
        foreach (var (number, line) in TextInput.Lines(input, name))
            if (!string.IsNullOrWhiteSpace(line))
                yield return (Parse(line, $"{name} line {number}"), $"{name} line {number}");
    }

    private static TextRow Parse(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new DataException($"{place}: holds a JSON {root.ValueKind}, expected an object {{\"text\": ..., \"pair\": ...}}.");
            return new TextRow(
                String(root, "text", place) ?? throw new DataException($"{place}: \"text\" is missing."),
                String(root, "pair", place)
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{place}: is not valid JSON: {e.Message} Expected {{\"text\": ..., \"pair\": ...}} on one line.", e);
        }
    }

    private static string? String(JsonElement row, string field, string place)
    {
        if (!row.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString() // throws for a lone surrogate
            : throw new DataException($"{place}: \"{field}\" is a JSON {value.ValueKind}, expected a text.");
    }
}
