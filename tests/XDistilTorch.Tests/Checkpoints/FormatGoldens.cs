using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>The files that other libraries wrote, and what is expected of each, from the goldens' own lists.</summary>
internal static class FormatGoldens
{
    public const string Folder = "model/formats";

    /// <summary>The names of the files in a list whose verdict is this one; where there are none, a row that skips.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names(string list, string field, string verdict)
    {
        // (SkipTestWithoutData shows a skip, but counts a failure: xunit.v3 4.0.2.)
        TheoryDataRow<string> nothing = new("none") { Skip = $"no {verdict} in {list} among the reference values in {GoldenFolder.Root}" };
        if (!GoldenFolder.Has(list))
            return [nothing];
        using var json = Read(list);
        TheoryDataRow<string>[] names =
        [
            .. json
                .RootElement.GetProperty("files")
                .EnumerateObject()
                .Where(item => item.Value.GetProperty(field).GetString() == verdict)
                .Select(item => new TheoryDataRow<string>(item.Name)),
        ];
        return names.Length > 0 ? names : [nothing];
    }

    public static JsonElement Expected(string list, string name)
    {
        using var json = Read(list);
        return json.RootElement.GetProperty("files").GetProperty(name).Clone();
    }

    public static long[] Longs(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt64())];

    private static JsonDocument Read(string list) => JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require(list)));
}
