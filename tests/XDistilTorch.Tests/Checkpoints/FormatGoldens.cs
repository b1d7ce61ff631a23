using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>The files that other libraries wrote, and what is expected of each, from the goldens' own lists.</summary>
internal static class FormatGoldens
{
    public const string Folder = "model/formats";

    /// <summary>The names of the files in a list, of all or of those whose verdict is this one.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names(string list, string field, string? verdict = null)
    {
        if (!GoldenFolder.Has(list))
            return [];
        using var json = Read(list);
        return
        [
            .. json
                .RootElement.GetProperty("files")
                .EnumerateObject()
                .Where(item => verdict is null || item.Value.GetProperty(field).GetString() == verdict)
                .Select(item => new TheoryDataRow<string>(item.Name)),
        ];
    }

    public static JsonElement Expected(string list, string name)
    {
        using var json = Read(list);
        return json.RootElement.GetProperty("files").GetProperty(name).Clone();
    }

    public static long[] Longs(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt64())];

    private static JsonDocument Read(string list) => JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require(list)));
}
