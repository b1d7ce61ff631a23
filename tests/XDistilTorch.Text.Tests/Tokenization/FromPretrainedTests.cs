using XDistilTorch.Testing;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

public class FromPretrainedTests
{
    private const string Text = "Oak barrels, caf\u00e9";

    [Fact]
    public void The_vocabulary_alone_suffices_and_the_casing_is_guessed_and_said()
    {
        using var folder = new TokenizerFolder().WithVocabulary(TokenizerFolder.Pieces);

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Encode(Text).Tokens.Should().Equal("[CLS]", "oak", "barrel", "##s", ",", "[UNK]", "[SEP]");
        tokenizer.Options.LowerCase.Should().BeTrue();
        tokenizer.CasingWasGuessed.Should().BeTrue();
        tokenizer.LoadNotes.Should().ContainSingle().Which.Should().Contain("do_lower_case").And.Contain("no capitalised words");
        tokenizer.Options.ModelMaxLength.Should().BeNull();
    }

    [Theory]
    [InlineData("Barrel")]
    [InlineData("\u00c9cole")]
    public void A_vocabulary_with_capitalised_words_is_taken_as_cased(string capitalised)
    {
        using var folder = new TokenizerFolder().WithVocabulary([.. TokenizerFolder.Pieces, capitalised]);

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Options.LowerCase.Should().BeFalse();
        tokenizer.Options.StripsAccents.Should().BeFalse();
        tokenizer.CasingWasGuessed.Should().BeTrue();
        tokenizer.LoadNotes.Should().ContainSingle().Which.Should().Contain(capitalised);
    }

    [Fact]
    public void Tokenizer_json_alone_suffices()
    {
        using var folder = new TokenizerFolder().WithTokenizerJson(json =>
        {
            json["normalizer"]!["lowercase"] = false;
            json["normalizer"]!["strip_accents"] = true;
            json["normalizer"]!["handle_chinese_chars"] = false;
            json["model"]!["max_input_chars_per_word"] = 6;
        });

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Vocabulary.Count.Should().Be(TokenizerFolder.Pieces.Length);
        tokenizer.CasingWasGuessed.Should().BeFalse();
        tokenizer.LoadNotes.Should().BeEmpty();
        tokenizer
            .Options.Should()
            .BeEquivalentTo(
                new
                {
                    LowerCase = false,
                    StripAccents = true,
                    TokenizeChineseChars = false,
                }
            );
        tokenizer.Encode("oak barrel barrels").Tokens.Should().Equal("[CLS]", "oak", "barrel", "[UNK]", "[SEP]");
    }

    [Fact]
    public void Ids_in_tokenizer_json_may_stand_in_any_order()
    {
        using var folder = new TokenizerFolder().WithTokenizerJson(json =>
        {
            var pieces = json["model"]!["vocab"]!.AsObject().Reverse().ToList();
            json["model"]!["vocab"] = new System.Text.Json.Nodes.JsonObject(
                pieces.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))
            );
        });

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Encode("oak", new() { AddSpecialTokens = false }).Ids.Should().Equal(5);
        tokenizer.Vocabulary[5].Should().Be("oak");
    }

    [Fact]
    public void The_config_states_what_the_vocabulary_does_not()
    {
        using var folder = new TokenizerFolder()
            .WithVocabulary(TokenizerFolder.Pieces)
            .WithConfig("""{"do_lower_case": false, "strip_accents": true, "tokenize_chinese_chars": false, "model_max_length": 512}""");

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer
            .Options.Should()
            .BeEquivalentTo(
                new
                {
                    LowerCase = false,
                    StripAccents = true,
                    TokenizeChineseChars = false,
                    ModelMaxLength = 512,
                }
            );
        tokenizer.CasingWasGuessed.Should().BeFalse();
    }

    [Fact]
    public void What_the_config_leaves_open_is_taken_from_tokenizer_json()
    {
        using var folder = new TokenizerFolder()
            .WithVocabulary(TokenizerFolder.Pieces)
            .WithTokenizerJson(json => json["normalizer"]!["strip_accents"] = false)
            .WithConfig("""{"model_max_length": 1000000000000000019884624838656}""");

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer
            .Options.Should()
            .BeEquivalentTo(
                new
                {
                    LowerCase = true,
                    StripAccents = false,
                    ModelMaxLength = (int?)null,
                }
            );
        tokenizer.CasingWasGuessed.Should().BeFalse();
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"cls_token": "<s>", "sep_token": {"content": "</s>", "lstrip": false}}""")]
    [InlineData("special_tokens_map.json", """{"cls_token": {"content": "<s>"}, "sep_token": "</s>"}""")]
    public void Special_tokens_of_other_names_are_read_from_either_file(string file, string json)
    {
        string[] pieces = ["[PAD]", "[UNK]", "<s>", "</s>", "oak"];
        using var folder = new TokenizerFolder().WithVocabulary(pieces).With(file, json);

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Encode("oak").Tokens.Should().Equal("<s>", "oak", "</s>");
        tokenizer.MaskId.Should().BeNull();
    }

    [Fact]
    public void Statements_that_come_to_the_same_do_not_contradict()
    {
        using var folder = new TokenizerFolder()
            .WithVocabulary(TokenizerFolder.Pieces)
            .WithTokenizerJson(json => json["normalizer"]!["strip_accents"] = true)
            .WithConfig(
                """{"do_lower_case": true, "strip_accents": null, "added_tokens_decoder": {"2": {"content": "[CLS]", "special": true}}}"""
            )
            .With("special_tokens_map.json", """{"cls_token": "[CLS]", "additional_special_tokens": ["oak"]}""");

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Options.StripsAccents.Should().BeTrue();
        tokenizer.Options.AdditionalSpecialTokens.Should().Equal("oak");
    }

    [Fact]
    public void Line_ends_of_Windows_a_byte_order_mark_and_blank_lines_at_the_end_are_read_over()
    {
        using var folder = new TokenizerFolder().With("vocab.txt", "\uFEFF" + string.Join("\r\n", TokenizerFolder.Pieces) + "\r\n\r\n");

        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        tokenizer.Vocabulary.Count.Should().Be(TokenizerFolder.Pieces.Length);
        tokenizer.Vocabulary[^1].Should().Be(TokenizerFolder.Pieces[^1]);
        tokenizer.PadId.Should().Be(0);
    }

    [Theory]
    [InlineData("\\\"", 10, null)] // as the libraries write it
    [InlineData("\\u0022", 10, null)] // the same, written otherwise
    [InlineData("\\\"", 1, "id 1 ")]
    [InlineData("\\\"", 101, "id 101 ")]
    [InlineData("\\\\", 10, "id 10 is '\\'")]
    public void Vocabularies_written_in_the_usual_order_are_compared_to_the_last_piece(string written, int id, string? difference)
    {
        var pieces = TokenizerFolder.Pieces.Select((piece, i) => $"\"{piece}\": {i},\n");
        using var folder = new TokenizerFolder()
            .WithVocabulary([.. TokenizerFolder.Pieces, "\""])
            .With(
                "tokenizer.json",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {"
                    + $"{string.Concat(pieces)}\"{written}\": {id}"
                    + "}}, \"version\": \"1.0\"}"
            );

        var load = () => BertTokenizer.FromPretrained(folder.Path);

        if (difference is null)
            load.Should().NotThrow();
        else
            load.Should().Throw<TokenizerException>().WithMessage($"*{difference}*");
    }

    [Fact]
    public void The_bundled_model_loads_alike_from_every_sufficient_set_of_its_files()
    {
        var source = Path.Combine(GoldenFolder.Repository, "weights", "e5-small-v2-squad2");
        Assert.SkipUnless(File.Exists(Path.Combine(source, "vocab.txt")), "the bundled weights are not there");
        string[][] sets =
        [
            ["vocab.txt"],
            ["tokenizer.json"],
            ["vocab.txt", "tokenizer.json"],
            ["vocab.txt", "tokenizer_config.json"],
            ["tokenizer.json", "special_tokens_map.json"],
            ["vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"],
        ];
        foreach (var set in sets)
        {
            using var folder = new TokenizerFolder();
            foreach (var name in set)
                folder.With(name, File.ReadAllBytes(Path.Combine(source, name)));

            var tokenizer = BertTokenizer.FromPretrained(folder.Path);

            tokenizer.Encode("Caf\u00e9s \u4e2d!").Tokens.Should().Equal("[CLS]", "cafes", "\u4e2d", "!", "[SEP]");
            tokenizer.CasingWasGuessed.Should().Be(set is ["vocab.txt"]);
        }
    }
}
