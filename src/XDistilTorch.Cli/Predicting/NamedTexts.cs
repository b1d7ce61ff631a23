using System.Globalization;
using System.Text.Json;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>Questions and documents of files and folders.</summary>
internal static class NamedTexts
{
    private static readonly string[] TextEndings = [".txt", ".md"];

    /// <summary>
    /// Questions: JSON lines with <c>id</c> and <c>question</c>, or one question a line, whose number is its id. Blank lines are passed over.
    /// </summary>
    public static IReadOnlyList<NamedText> Questions(string path) => Read(path, "question", isPlainAllowed: true);

    /// <summary>Documents: the .txt and .md files of a folder and its subfolders, named by their paths in it; one such file; or JSON lines with <c>id</c> and <c>context</c>.</summary>
    public static IReadOnlyList<NamedText> Documents(string path)
    {
        if (Directory.Exists(path))
            return Folder(path);
        return IsText(path)
            ? [new NamedText(Path.GetFileName(path), TextInput.ReadFile(path))]
            : Read(path, "context", isPlainAllowed: false);
    }

    private static bool IsText(string path) => TextEndings.Contains(Path.GetExtension(path).ToLowerInvariant());

    private static List<NamedText> Folder(string path)
    {
        var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsText).Order(StringComparer.Ordinal);
        List<NamedText> found = [.. files.Select(file => new NamedText(Path.GetRelativePath(path, file), TextInput.ReadFile(file)))];
        return found.Count > 0 ? found : throw new DataException($"{path}: holds no .txt or .md file, expected the documents.");
    }

    private static List<NamedText> Read(string path, string field, bool isPlainAllowed)
    {
        List<NamedText> texts = [];
        bool? isJson = isPlainAllowed ? null : true;
        var number = 0;
        foreach (var line in TextInput.ReadFile(path).Split('\n'))
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0)
                continue;
            isJson ??= text.StartsWith('{');
            texts.Add(
                isJson.Value ? Parse(text, field, path, number) : new NamedText(number.ToString(CultureInfo.InvariantCulture), text, number)
            );
        }
        if (texts.Count == 0)
            throw new DataException($"{path}: is empty, expected at least one {field}.");
        return texts.GroupBy(text => text.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new DataException(
                $"{path}: the id {twice.Key} is there {twice.Count()} times (lines {string.Join(", ", twice.Select(t => t.Line))})."
            )
            : texts;
    }

    private static NamedText Parse(string line, string field, string path, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            if (row.ValueKind == JsonValueKind.Object && Text(row, field) is { } text)
                return new NamedText(Text(row, "id") ?? number.ToString(CultureInfo.InvariantCulture), text, number);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: line {number}: not JSON: {e.Message}", e);
        }
        throw new DataException($"{path}: line {number}: expected an object with the text \"{field}\" and an \"id\".");
    }

    private static string? Text(JsonElement row, string field) =>
        row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
