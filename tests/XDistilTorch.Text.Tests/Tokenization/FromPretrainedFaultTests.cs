using System.Text.Json.Nodes;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

/// <summary>What is wrong is said with its file, its place, both values and a remedy.</summary>
public class FromPretrainedFaultTests
{
    [Theory]
    [InlineData("""{"do_lower_case": false}""", "do_lower_case = false", "normalizer.lowercase = true")]
    [InlineData("""{"strip_accents": false}""", "strip_accents = false", "normalizer.strip_accents = null (as lower case: true)")]
    [InlineData("""{"tokenize_chinese_chars": false}""", "tokenize_chinese_chars = false", "normalizer.handle_chinese_chars = true")]
    [InlineData("""{"unk_token": "oak"}""", "unk_token = 'oak'", "model.unk_token = '[UNK]'")]
    [InlineData(
        """{"added_tokens_decoder": {"7": {"content": "[CLS]"}}}""",
        "added_tokens_decoder.7.id = 7 for '[CLS]'",
        "vocab.txt has it as 2"
    )]
    public void A_config_that_contradicts_tokenizer_json_is_refused_with_both_files_and_both_values(string config, params string[] named)
    {
        using var folder = new TokenizerFolder().WithVocabulary(TokenizerFolder.Pieces).WithTokenizerJson().WithConfig(config);

        var message = Refusal(folder);

        message
            .Should()
            .ContainAll(named)
            .And.Contain("tokenizer_config.json")
            .And.MatchRegex("tokenizer\\.json|vocab\\.txt")
            .And.Contain(folder.Path);
    }

    [Fact]
    public void Special_tokens_that_two_files_name_differently_are_refused()
    {
        using var folder = new TokenizerFolder()
            .WithVocabulary(TokenizerFolder.Pieces)
            .WithConfig("""{"do_lower_case": true, "cls_token": "[CLS]"}""")
            .With("special_tokens_map.json", """{"cls_token": {"content": "[SEP]"}}""");

        Refusal(folder)
            .Should()
            .ContainAll("tokenizer_config.json has cls_token = '[CLS]'", "special_tokens_map.json has cls_token = '[SEP]'");
    }

    [Fact]
    public void All_contradictions_are_in_one_message()
    {
        using var folder = new TokenizerFolder()
            .WithVocabulary(TokenizerFolder.Pieces)
            .WithTokenizerJson()
            .WithConfig("""{"do_lower_case": false, "tokenize_chinese_chars": false, "pad_token": "<pad>"}""");

        Refusal(folder).Should().ContainAll("lower case", "Chinese", "<pad>");
    }

    public static TheoryData<string, string[], string[]> OtherVocabularies { get; } =
        new()
        {
            { "one piece other", [.. TokenizerFolder.Pieces[..^1], "elm"], ["id 9 is 'elm' in tokenizer.json", "'\u4e2d' in vocab.txt"] },
            { "one piece more", [.. TokenizerFolder.Pieces, "elm"], ["id 10 is 'elm' in tokenizer.json", "vocab.txt ends with id 9"] },
            { "one piece less", TokenizerFolder.Pieces[..^1], ["tokenizer.json lacks '\u4e2d'", "id 9 in vocab.txt"] },
        };

    [Theory]
    [MemberData(nameof(OtherVocabularies))]
    public void Vocabularies_that_differ_are_refused(string what, string[] pieces, string[] named)
    {
        using var folder = new TokenizerFolder().WithVocabulary(TokenizerFolder.Pieces).WithTokenizerJson(pieces: pieces);

        Refusal(folder).Should().ContainAll(named, what);
    }

    [Theory]
    [InlineData("added_tokens", """[{"id": 8, "content": "[SEP]", "special": true}]""", "added_tokens[0].id = 8 for '[SEP]'")]
    [InlineData("added_tokens", """[{"id": 10, "content": "<elm>", "special": true}]""", "'<elm>' with id 10")]
    [InlineData("added_tokens", """[{"id": 5, "content": "oak", "special": false}]""", "added_tokens[0].special = false for 'oak'")]
    [InlineData("post_processor", """{"special_tokens": {"[CLS]": {"ids": [3]}}}""", "post_processor.special_tokens.[CLS].ids = 3")]
    [InlineData("normalizer", """{"type": "Lowercase"}""", "normalizer.type = 'Lowercase'")]
    [InlineData("normalizer", """{"type": "BertNormalizer", "clean_text": false}""", "normalizer.clean_text = false")]
    [InlineData("normalizer", "null", "normalizer = null")]
    [InlineData("pre_tokenizer", """{"type": "ByteLevel"}""", "pre_tokenizer.type = 'ByteLevel'")]
    public void What_this_tokenizer_does_not_do_is_refused(string section, string json, string named)
    {
        using var folder = new TokenizerFolder().WithTokenizerJson(root => root[section] = JsonNode.Parse(json));

        Refusal(folder).Should().ContainAll("tokenizer.json", named);
    }

    [Theory]
    [InlineData("type", "\"BPE\"", "model.type = 'BPE'")]
    [InlineData("continuing_subword_prefix", "\"@@\"", "model.continuing_subword_prefix = '@@'")]
    [InlineData("max_input_chars_per_word", "0", "model.max_input_chars_per_word = 0")]
    [InlineData("vocab", "[[\"oak\", -1.5]]", "model.vocab")]
    [InlineData("vocab", "{}", "no pieces")]
    [InlineData("vocab", """{"[PAD]": 0, "oak": 0}""", "id 0 twice, for '[PAD]' and 'oak'")]
    [InlineData("vocab", """{"[PAD]": 0, "oak": 2}""", "not 1")]
    [InlineData("vocab", """{"[PAD]": 0, "oak": -1}""", "id -1 for 'oak'")]
    [InlineData("vocab", """{"[PAD]": 0, "oak": 1.5}""", "id 1.5 for 'oak'")]
    public void A_model_of_another_kind_or_a_broken_one_is_refused(string field, string json, string named)
    {
        using var folder = new TokenizerFolder().WithTokenizerJson(root => root["model"]![field] = JsonNode.Parse(json));

        Refusal(folder).Should().ContainAll("tokenizer.json", named);
    }

    [Fact]
    public void A_piece_twice_in_tokenizer_json_is_refused()
    {
        using var folder = new TokenizerFolder().With("tokenizer.json", """{"model": {"vocab": {"[PAD]": 0, "oak": 1, "o\u0061k": 2}}}""");

        Refusal(folder).Should().ContainAll("tokenizer.json", "'oak' twice, with ids 1 and 2");
    }

    [Theory]
    [InlineData("[UNK]")]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    [InlineData("[PAD]")]
    public void A_vocabulary_without_a_special_token_is_refused(string missing)
    {
        using var folder = new TokenizerFolder().WithVocabulary(TokenizerFolder.Pieces.Where(p => p != missing));

        Refusal(folder).Should().ContainAll("vocab.txt", missing);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var load = () => BertTokenizer.FromPretrained(Path.Combine(Path.GetTempPath(), "no-such-folder"));

        load.Should().Throw<TokenizerException>().WithMessage("*no-such-folder*vocab.txt*");
    }

    [Fact]
    public void A_folder_without_a_vocabulary_is_refused()
    {
        using var folder = new TokenizerFolder().WithConfig("{}");
        Refusal(folder).Should().ContainAll(folder.Path, "vocab.txt", "tokenizer.json");

        folder.With("tokenizer.json", "{}");
        Refusal(folder).Should().ContainAll("model.vocab");
    }

    public static TheoryData<string, string> BrokenVocabularies { get; } =
        new()
        {
            { "", "the file is empty" },
            { "\n\n", "the file is empty" },
            { "[PAD]\noak\n\nelm\n", "line 3" },
            { "[PAD]\noak\nelm\noak\n", "line 4: found 'oak' a second time, first in line 2" },
        };

    [Theory]
    [MemberData(nameof(BrokenVocabularies))]
    public void A_broken_vocabulary_is_refused_with_the_line(string content, string named)
    {
        using var folder = new TokenizerFolder().With("vocab.txt", content);

        Refusal(folder).Should().ContainAll("vocab.txt", named);
    }

    [Theory]
    [InlineData("vocab.txt")]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("special_tokens_map.json")]
    public void Bytes_that_are_not_UTF8_are_refused_with_their_place(string name)
    {
        using var folder = new TokenizerFolder().WithVocabulary(TokenizerFolder.Pieces);
        folder.With(name, [.. "[PAD]\noak\n"u8, (byte)'a', 0xFF, 0xFE, (byte)'\n']);

        Refusal(folder).Should().ContainAll(name, "line 3", "0xFF");
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("special_tokens_map.json")]
    public void JSON_that_is_empty_cut_off_or_of_another_kind_is_refused_with_its_place(string name)
    {
        using var folder = new TokenizerFolder()
            .WithVocabulary(TokenizerFolder.Pieces)
            .WithTokenizerJson()
            .WithConfig("{\n  \"model_max_length\": 8\n}");
        folder.With("special_tokens_map.json", "{\n  \"cls_token\": \"[CLS]\"\n}");
        var whole = File.ReadAllText(Path.Combine(folder.Path, name));
        BertTokenizer.FromPretrained(folder.Path).Should().NotBeNull();

        for (var length = 0; length < whole.TrimEnd().Length; length += 1 + whole.Length / 40)
        {
            folder.With(name, whole[..length]);
            Refusal(folder).Should().ContainAll(name, "line ");
        }
        folder.With(name, whole + "}");
        Refusal(folder).Should().Contain(name);
        folder.With(name, "[1]");
        Refusal(folder).Should().ContainAll(name, "expected an object");
    }

    [Theory]
    [InlineData("""{"do_lower_case": "yes"}""", "do_lower_case: found \"yes\", expected true or false")]
    [InlineData("""{"cls_token": 7}""", "cls_token: found 7, expected a token")]
    [InlineData("""{"model_max_length": "long"}""", "model_max_length: found \"long\", expected a number")]
    [InlineData("""{"model_max_length": -1}""", "model_max_length: found -1")]
    [InlineData("""{"additional_special_tokens": [7]}""", "additional_special_tokens: found [7], expected a list of tokens")]
    [InlineData("""{"added_tokens_decoder": []}""", "added_tokens_decoder: found [], expected an object")]
    public void A_field_of_the_wrong_kind_is_refused_with_its_place(string config, string named)
    {
        using var folder = new TokenizerFolder().WithVocabulary(TokenizerFolder.Pieces).WithConfig(config);

        Refusal(folder).Should().ContainAll("tokenizer_config.json", named);
    }

    private static string Refusal(TokenizerFolder folder)
    {
        var load = () => BertTokenizer.FromPretrained(folder.Path);
        return load.Should().Throw<TokenizerException>().Which.Message;
    }
}
