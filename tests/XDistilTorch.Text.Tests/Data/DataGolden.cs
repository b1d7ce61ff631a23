using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Data;

/// <summary>The files of text/data and what is expected of each.</summary>
internal static class DataGolden
{
    private const string Expected = "text/data/expected.json";

    private static readonly Lazy<JsonElement[]> Cases = new(() =>
    {
        using var file = File.OpenRead(GoldenFolder.At(Expected));
        return [.. JsonDocument.Parse(file).RootElement.GetProperty("files").EnumerateArray()];
    });

    public static IEnumerable<TheoryDataRow<string>> Files() =>
        GoldenFolder.Has(Expected) ? Cases.Value.Select(it => new TheoryDataRow<string>(it.GetProperty("file").GetString()!)) : [];

    public static IEnumerable<TheoryDataRow<string>> ReadFiles() => Files().Where(row => Of(row.Data).TryGetProperty("read", out _));

    public static JsonElement Of(string file) => Cases.Value.Single(it => it.GetProperty("file").GetString() == file);

    public static string PathOf(string file) => GoldenFolder.Require("text/data/" + file);

    /// <summary>The files' bytes, to be broken further; the large one excepted.</summary>
    public static IReadOnlyList<byte[]> Bytes() =>
        [.. Files().Select(row => File.ReadAllBytes(PathOf(row.Data))).Where(bytes => bytes.Length is > 0 and < 10_000)];
}
