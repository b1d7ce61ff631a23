using System.CommandLine;
using System.Text.Json;

namespace XDistilTorch.Cli.Training;

/// <summary>Options from a JSON file: their names without dashes in front and with underscores within. What the command line gives goes before.</summary>
internal static class ConfigFile
{
    /// <summary>The command line with the file's options put in.</summary>
    /// <param name="command">Whose options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">The file cannot be read, is no such JSON, or names what is no option or no value for it; all faults of its names at once.</exception>
    public static ParseResult Merge(Command command, ParseResult parsed, string path)
    {
        using var json = Read(path);
        List<string> arguments = [.. parsed.Tokens.Select(token => token.Value)],
            faults = [];
        foreach (var field in json.RootElement.EnumerateObject())
        {
            var option = command.Options.FirstOrDefault(o => o.Name == $"--{field.Name.Replace('_', '-')}");
            if (option is null || option.Name == "--config" || field.Name.Contains('-', StringComparison.Ordinal))
                faults.Add($"\"{field.Name}\" is no option{Nearest(command, field.Name)}");
            else if (!IsGiven(command, parsed, option))
                faults.AddRange(Append(arguments, option, field));
        }
        if (faults.Count > 0)
            throw new UsageException($"{path}: {string.Join("; ", faults)}.");
        var merged = parsed.RootCommandResult.Command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return merged.Errors.Count == 0
            ? merged
            : throw new UsageException($"{path}: {string.Join(" ", merged.Errors.Select(error => error.Message).Distinct())}");
    }

    // One seed and several are two ways to say the same.
    private static bool IsGiven(Command command, ParseResult parsed, Option option) =>
        command
            .Options.Where(other => other == option || (other.Name, option.Name) is ("--seeds", "--seed") or ("--seed", "--seeds"))
            .Any(other => parsed.GetResult(other) is { Implicit: false });

    private static JsonDocument Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var json = JsonDocument.Parse(file, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json
                : throw new UsageException(
                    $"{path}: holds a JSON {json.RootElement.ValueKind.ToString().ToLowerInvariant()}, expected an object of options."
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path}: cannot be read as JSON: {e.Message}");
        }
    }

    private static IEnumerable<string> Append(List<string> arguments, Option option, JsonProperty field)
    {
        switch (field.Value.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.True or JsonValueKind.False when option.ValueType == typeof(bool):
                if (field.Value.GetBoolean())
                    arguments.Add(option.Name);
                break;
            case JsonValueKind.Number or JsonValueKind.String when option.ValueType != typeof(bool):
                arguments.AddRange([option.Name, field.Value.ToString()]);
                break;
            case JsonValueKind.Array when field.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number):
                arguments.AddRange([option.Name, string.Join(',', field.Value.EnumerateArray())]);
                break;
            default:
                yield return $"\"{field.Name}\" is {field.Value.GetRawText()}, expected {(option.ValueType == typeof(bool) ? "true or false" : "its value")}";
                break;
        }
    }

    // A name with dashes, or a letter off.
    private static string Nearest(Command command, string name)
    {
        var names = command.Options.Select(option => option.Name[2..].Replace('-', '_')).Where(known => known != "config");
        var plain = name.Replace('-', '_').ToLowerInvariant();
        var near = names.FirstOrDefault(known =>
            known == plain || known.Replace("_", "", StringComparison.Ordinal) == plain.Replace("_", "", StringComparison.Ordinal)
        );
        near ??= names.FirstOrDefault(known =>
            known.Contains(plain, StringComparison.Ordinal) || plain.Contains(known, StringComparison.Ordinal)
        );
        return near is null ? "" : $" (did you mean \"{near}\"?)";
    }
}
