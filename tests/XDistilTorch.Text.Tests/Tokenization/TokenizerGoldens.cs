using System.IO.Compression;
using System.Text.Json;
using XDistilTorch.Testing;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

/// <summary>The reference values of the tokenizer, as tests/Goldens/text/tokenizer/README.md describes them.</summary>
internal static class TokenizerGoldens
{
    private const string Folder = "text/tokenizer/";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Lazy<WordPieceVocabulary> LazyVocabulary = new(() =>
        WordPieceVocabulary.Create(File.ReadLines(GoldenFolder.Require(Folder + "vocab.txt")))
    );

    public static WordPieceVocabulary Vocabulary => LazyVocabulary.Value;

    public static BertTokenizer Tokenizer(BertTokenizerOptions? options = null)
    {
        GoldenFolder.Require(Folder + "vocab.txt");
        return BertTokenizer.Create(Vocabulary, options);
    }

    public static T Read<T>(string file)
    {
        using var stream = Open(GoldenFolder.Require(Folder + file));
        return JsonSerializer.Deserialize<T>(stream, Json) ?? throw new InvalidDataException(file);
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}

/// <summary>One encoding of a text by the reference.</summary>
internal record GoldenEncoding
{
    public string? Normalized { get; init; }
    public required int[] Ids { get; init; }
    public required string[] Tokens { get; init; }
    public required int[] Offsets { get; init; }
    public required int[] OffsetsUtf16 { get; init; }
    public int[]? WordIds { get; init; }
    public int[]? TypeIds { get; init; }
    public int[]? SpecialTokensMask { get; init; }

    /// <summary>In what the encoding differs from this one; null if in nothing.</summary>
    public string? Differences(Encoding actual)
    {
        var differences = new List<string>();
        Compare("ids", Ids, actual.Ids);
        Compare("tokens", Tokens, actual.Tokens);
        Compare("offsets_utf16", OffsetsUtf16, actual.Offsets.SelectMany(o => new[] { o.Start, o.End }));
        Compare("offsets", Offsets, actual.GetCodePointOffsets().SelectMany(o => new[] { o.Start, o.End }));
        if (WordIds is not null)
            Compare("word_ids", WordIds, actual.WordIds);
        if (TypeIds is not null)
            Compare("type_ids", TypeIds, actual.TypeIds);
        if (SpecialTokensMask is not null)
            Compare("special_tokens_mask", SpecialTokensMask, actual.SpecialTokensMask);
        return differences.Count == 0 ? null : string.Join("; ", differences);

        void Compare<T>(string name, IEnumerable<T> expected, IEnumerable<T> found)
        {
            if (!expected.SequenceEqual(found))
                differences.Add($"{name}: expected [{string.Join(' ', expected)}], found [{string.Join(' ', found)}]");
        }
    }
}

/// <summary>Gathers what went wrong in many cases, so that one run tells of all of them.</summary>
internal sealed class Mismatches
{
    private readonly List<string> found = [];
    private int cases;

    public void Check(string name, string? difference)
    {
        cases++;
        if (difference is not null)
            found.Add($"{name}: {difference}");
    }

    public void ShouldBeNone()
    {
        cases.Should().BePositive("the reference values hold cases");
        found.Should().BeEmpty($"all {cases} cases equal the reference");
    }
}
