using System.Text.Json;

namespace XDistilTorch.Tokenization.Saving;

/// <summary>Writes <c>tokenizer.json</c>, field by field in the order of the Rust <c>tokenizers</c> library.</summary>
internal sealed class TokenizerJsonLayout(BertTokenizer tokenizer)
{
    private readonly BertTokenizerOptions options = tokenizer.Options;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        WriteNormalizer(json);
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "BertPreTokenizer");
        json.WriteEndObject();
        WritePostProcessor(json);
        WriteDecoder(json);
        WriteModel(json);
        json.WriteEndObject();
    }

    private void WriteAddedTokens(Utf8JsonWriter json)
    {
        string[] specials =
        [
            options.UnkToken,
            options.ClsToken,
            options.SepToken,
            options.PadToken,
            options.MaskToken,
            .. options.AdditionalSpecialTokens,
        ];
        json.WriteStartArray("added_tokens");
        foreach (var id in specials.Select(IdOf).OfType<int>().Distinct().Order())
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", tokenizer.Vocabulary[id]);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private int? IdOf(string token) => tokenizer.Vocabulary.TryGetId(token, out var id) ? id : null;

    private void WriteNormalizer(Utf8JsonWriter json)
    {
        json.WriteStartObject("normalizer");
        json.WriteString("type", "BertNormalizer");
        json.WriteBoolean("clean_text", true);
        json.WriteBoolean("handle_chinese_chars", options.TokenizeChineseChars);
        json.WriteOptional("strip_accents", options.StripAccents);
        json.WriteBoolean("lowercase", options.LowerCase);
        json.WriteEndObject();
    }

    private void WritePostProcessor(Utf8JsonWriter json)
    {
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        json.WriteStartArray("single");
        WriteFirst(json);
        json.WriteEndArray();
        json.WriteStartArray("pair");
        WriteFirst(json);
        WritePlace(json, "Sequence", "B", 1);
        WritePlace(json, "SpecialToken", options.SepToken, 1);
        json.WriteEndArray();
        json.WriteStartObject("special_tokens");
        foreach (var token in new[] { options.ClsToken, options.SepToken }.Distinct().Order(StringComparer.Ordinal))
            WriteTemplateToken(json, token);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteFirst(Utf8JsonWriter json)
    {
        WritePlace(json, "SpecialToken", options.ClsToken, 0);
        WritePlace(json, "Sequence", "A", 0);
        WritePlace(json, "SpecialToken", options.SepToken, 0);
    }

    private static void WritePlace(Utf8JsonWriter json, string kind, string id, int type)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteTemplateToken(Utf8JsonWriter json, string token)
    {
        json.WriteStartObject(token);
        json.WriteString("id", token);
        json.WriteStartArray("ids");
        json.WriteNumberValue(token == options.ClsToken ? tokenizer.ClsId : tokenizer.SepId);
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDecoder(Utf8JsonWriter json)
    {
        json.WriteStartObject("decoder");
        json.WriteString("type", "WordPiece");
        json.WriteString("prefix", WordPieceVocabulary.ContinuationPrefix);
        json.WriteBoolean("cleanup", true);
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "WordPiece");
        json.WriteString("unk_token", options.UnkToken);
        json.WriteString("continuing_subword_prefix", WordPieceVocabulary.ContinuationPrefix);
        json.WriteNumber("max_input_chars_per_word", options.MaxWordLength);
        json.WriteStartObject("vocab");
        for (var id = 0; id < tokenizer.Vocabulary.Count; id++)
            json.WriteNumber(tokenizer.Vocabulary.Piece(id), id);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
