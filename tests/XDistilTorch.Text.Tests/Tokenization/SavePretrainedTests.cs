using System.Collections.Concurrent;
using System.Text.Json;
using CsCheck;
using XDistilTorch.Testing;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

public class SavePretrainedTests
{
    private static readonly string[] Files = ["special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"];

    private static BertTokenizer Reloaded(BertTokenizer tokenizer)
    {
        using var folder = new TokenizerFolder();
        tokenizer.SavePretrained(folder.Path);
        return BertTokenizer.FromPretrained(folder.Path);
    }

    [Fact]
    public void The_bundled_models_files_are_written_byte_for_byte()
    {
        var source = Path.Combine(GoldenFolder.Repository, "weights", "e5-small-v2-squad2");
        Assert.SkipUnless(File.Exists(Path.Combine(source, "tokenizer.json")), "the bundled weights are not there");
        using var folder = new TokenizerFolder();

        BertTokenizer.FromPretrained(source).SavePretrained(folder.Path);

        Names(folder).Should().Equal(Files);
        // tokenizer.json as the Rust library wrote it
        foreach (var name in new[] { "tokenizer.json", "vocab.txt" })
            File.ReadAllBytes(Path.Combine(folder.Path, name))
                .AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(source, name)))
                .Should()
                .BeTrue(name);
        JsonElement.DeepEquals(Json(folder.Path, "special_tokens_map.json"), Json(source, "special_tokens_map.json")).Should().BeTrue();
        var config = Json(folder.Path, "tokenizer_config.json");
        foreach (var field in Json(source, "tokenizer_config.json").EnumerateObject().Where(field => field.Name != "backend"))
            JsonElement.DeepEquals(config.GetProperty(field.Name), field.Value).Should().BeTrue(field.Name);
    }

    [Fact]
    public void What_was_saved_encodes_any_text_as_before()
    {
        var pairs = new ConcurrentDictionary<BertTokenizerOptions, (BertTokenizer, BertTokenizer)>();
        var texts = BertTokenizerTests.AnyText;
        Gen.Select(texts, texts, Gen.Bool, Gen.Bool.Nullable(), Gen.Bool, Gen.Bool)
            .Sample(t =>
            {
                var (text, pair, lowerCase, stripAccents, chinese, split) = t;
                var options = new BertTokenizerOptions
                {
                    LowerCase = lowerCase,
                    StripAccents = stripAccents,
                    TokenizeChineseChars = chinese,
                };
                var (before, after) = pairs.GetOrAdd(
                    options,
                    o => (TokenizerGoldens.Tokenizer(o), Reloaded(TokenizerGoldens.Tokenizer(o)))
                );
                after.Options.Should().BeEquivalentTo(options);

                var encoded = after.Encode(text, pair, new() { SplitSpecialTokens = split });

                var expected = before.Encode(text, pair, new() { SplitSpecialTokens = split });
                encoded.Ids.Should().Equal(expected.Ids);
                encoded.TypeIds.Should().Equal(expected.TypeIds);
                encoded.Offsets.Should().Equal(expected.Offsets);
            });
    }

    [Fact]
    public void Every_option_comes_back()
    {
        var options = new BertTokenizerOptions
        {
            LowerCase = false,
            StripAccents = true,
            TokenizeChineseChars = false,
            UnkToken = "<unk>",
            ClsToken = "<s>",
            SepToken = "</s>",
            PadToken = "<\"pad\\\">",
            MaskToken = "<m\u00e4sk>",
            AdditionalSpecialTokens = ["[Q]", "\U0001f375"],
            ModelMaxLength = 77,
            MaxWordLength = 5,
        };
        string[] pieces = ["\U0001f375", "[Q]", "<m\u00e4sk>", "<\"pad\\\">", "</s>", "<s>", "<unk>", "oak", "\u2028\u0001\u007f"];

        var reloaded = Reloaded(BertTokenizer.Create(pieces, options));

        reloaded.Options.Should().BeEquivalentTo(options);
        Enumerable.Range(0, reloaded.Vocabulary.Count).Select(id => reloaded.Vocabulary[id]).Should().Equal(pieces);
        reloaded.CasingWasGuessed.Should().BeFalse();
        reloaded.LoadNotes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("vocab.txt", "tokenizer_config.json")]
    [InlineData("tokenizer.json")]
    public void Either_the_vocabulary_or_tokenizer_json_suffices(params string[] kept)
    {
        using var folder = new TokenizerFolder();
        BertTokenizer.Create(TokenizerFolder.Pieces, new() { LowerCase = false, StripAccents = true }).SavePretrained(folder.Path);
        foreach (var name in Files.Except(kept))
            File.Delete(Path.Combine(folder.Path, name));

        var reloaded = BertTokenizer.FromPretrained(folder.Path);

        reloaded.Options.Should().BeEquivalentTo(new BertTokenizerOptions { LowerCase = false, StripAccents = true });
        reloaded.Encode("oak barrels").Ids.Should().Equal(2, 5, 6, 7, 3);
    }

    [Fact]
    public void A_vocabulary_without_a_mask_gets_none()
    {
        using var folder = new TokenizerFolder();
        BertTokenizer.Create(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "oak"]).SavePretrained(folder.Path);

        BertTokenizer.FromPretrained(folder.Path).MaskId.Should().BeNull();

        Json(folder.Path, "tokenizer_config.json").GetProperty("mask_token").ValueKind.Should().Be(JsonValueKind.Null);
        Json(folder.Path, "tokenizer.json").GetProperty("added_tokens").GetArrayLength().Should().Be(4);
    }

    [Fact]
    public void An_unknown_longest_input_is_written_as_the_reference_writes_it()
    {
        using var folder = new TokenizerFolder();
        BertTokenizer.Create(TokenizerFolder.Pieces).SavePretrained(folder.Path);

        var length = Json(folder.Path, "tokenizer_config.json").GetProperty("model_max_length");

        length.GetRawText().Should().Be("1000000000000000019884624838656");
    }

    [Fact]
    public void What_was_there_is_replaced()
    {
        using var folder = new TokenizerFolder().WithVocabulary("[PAD]", "other").WithTokenizerJson().With("README.md", "kept");

        BertTokenizer.Create([.. TokenizerFolder.Pieces, "hill"]).SavePretrained(folder.Path);

        BertTokenizer.FromPretrained(folder.Path).Vocabulary[^1].Should().Be("hill");
        Names(folder).Should().Equal([.. Files.Append("README.md").Order(StringComparer.Ordinal)]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("two\nlines", "line break")]
    [InlineData("two\rlines", "line break")]
    [InlineData("half \\ud83c", "half a surrogate pair")] // escaped: an attribute cannot hold it
    public void A_piece_that_no_line_can_hold_is_refused_before_anything_is_written(string piece, string fault)
    {
        using var folder = new TokenizerFolder();
        var tokenizer = BertTokenizer.Create(
            [.. TokenizerFolder.Pieces, piece.Replace("\\ud83c", "\ud83c", StringComparison.Ordinal)],
            new() { ModelMaxLength = 0 }
        );

        var save = () => tokenizer.SavePretrained(folder.Path);

        save.Should()
            .Throw<TokenizerException>()
            .WithMessage($"{folder.Path}: *ModelMaxLength is 0*the piece with id {TokenizerFolder.Pieces.Length} *{fault}*");
        Names(folder).Should().BeEmpty();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));

        var save = () => BertTokenizer.Create(TokenizerFolder.Pieces).SavePretrained(missing);

        save.Should().Throw<TokenizerException>().WithMessage($"{missing}: there is no such folder*");
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_nothing_temporary_stays()
    {
        using var folder = new TokenizerFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "tokenizer.json"));

        var save = () => BertTokenizer.Create(TokenizerFolder.Pieces).SavePretrained(folder.Path);

        save.Should().Throw<TokenizerException>().WithMessage($"{folder.Path}/tokenizer.json: cannot be written: *");
        Names(folder).Should().Equal("tokenizer.json", "vocab.txt");
    }

    private static string[] Names(TokenizerFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    private static JsonElement Json(string folder, string name) => JsonElement.Parse(File.ReadAllText(Path.Combine(folder, name)));
}
