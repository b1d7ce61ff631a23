using System.Globalization;
using System.Text.Json;

namespace XDistilTorch.Server.Requests;

/// <summary>The members of a JSON object that a client sent. Every refusal names the member by its path, what was found and what was expected; null is the same as leaving a member out.</summary>
internal readonly struct JsonMembers
{
    private readonly JsonElement element;
    private readonly string path;

    /// <param name="element">The object.</param>
    /// <param name="path">Its place, such as <c>$.inputs</c>.</param>
    /// <param name="known">The members it may have.</param>
    /// <exception cref="ProblemException">It is no object, or has other members.</exception>
    public JsonMembers(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        (this.element, this.path) = (element, path);
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong(path, element, "an object");
        foreach (var member in element.EnumerateObject())
            if (!known.Contains(member.Name))
                throw new ProblemException(
                    Problem.BadRequest(
                        "unknown-member",
                        $"{path}.{Shown(member.Name)} is not known here, expected {string.Join(", ", known.ToArray())}."
                    )
                );
    }

    /// <summary>Its place.</summary>
    public string Path => path;

    /// <summary>A member that is there and not null.</summary>
    public JsonElement? Find(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text that may be missing.</summary>
    public string? FindText(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"{path}.{name}", value, "a string");
    }

    /// <summary>A text that has to be there.</summary>
    public string Text(string name) =>
        FindText(name) ?? throw new ProblemException(Problem.BadRequest("missing-member", $"{path}.{name} is missing, expected a string."));

    /// <summary>A whole number within a range.</summary>
    public int? FindCount(string name, int least, int most = int.MaxValue)
    {
        if (Find(name) is not { } value)
            return null;
        var range = most == int.MaxValue ? $"a whole number, {least} or more" : $"a whole number from {least} to {most}";
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            throw Wrong($"{path}.{name}", value, range);
        return number >= least && number <= most
            ? number
            : throw new ProblemException(Problem.Unusable($"{path}.{name} is {number}, expected {range}."));
    }

    /// <summary>A number.</summary>
    public double? FindNumber(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong($"{path}.{name}", value, "a number");
    }

    /// <summary>True or false.</summary>
    public bool? FindFlag(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong($"{path}.{name}", value, "true or false");

    /// <summary>One of several words.</summary>
    public string? FindChoice(string name, IEnumerable<string> words)
    {
        if (FindText(name) is not { } given)
            return null;
        return words.Contains(given)
            ? given
            : throw new ProblemException(Problem.Unusable($"{path}.{name} is {Shown(given)}, expected {string.Join(", ", words)}."));
    }

    /// <summary>One of an enumeration's names, in lower case.</summary>
    public T? FindChoice<T>(string name)
        where T : struct, Enum =>
        FindChoice(name, Enum.GetNames<T>().Select(each => each.ToLowerInvariant())) is { } given
            ? Enum.Parse<T>(given, ignoreCase: true)
            : null;

    /// <summary>The elements of an array with their places.</summary>
    public IReadOnlyList<(JsonElement Element, string Path)>? FindList(string name, int most)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong($"{path}.{name}", value, "an array");
        if (value.GetArrayLength() > most)
            throw new ProblemException(
                Problem.TooLarge($"{path}.{name} has {value.GetArrayLength()} entries, expected {most} at most. Send several requests.")
            );
        var place = $"{path}.{name}";
        return [.. value.EnumerateArray().Select((each, i) => (each, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]")))];
    }

    /// <summary>An array of whole numbers from 0.</summary>
    public int[]? FindNumbers(string name, int most)
    {
        if (FindList(name, most) is not { } list)
            return null;
        return
        [
            .. list.Select(each =>
                each.Element.ValueKind == JsonValueKind.Number && each.Element.TryGetInt32(out var number) && number >= 0
                    ? number
                    : throw Wrong(each.Path, each.Element, "a whole number from 0")
            ),
        ];
    }

    private static ProblemException Wrong(string path, JsonElement found, string expected) =>
        new(Problem.BadRequest("wrong-type", $"{path} is {Kind(found)}, expected {expected}."));

    private static string Kind(JsonElement found) =>
        found.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => $"the number {Shown(found.GetRawText())}",
            JsonValueKind.Null => "null",
            _ => found.GetRawText(),
        };

    // What a client sent comes back to it, but not a page of it.
    private static string Shown(string given) => given.Length <= 60 ? $"\"{given}\"" : $"\"{given[..60]}...\"";
}
