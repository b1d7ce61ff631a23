using System.Text;
using System.Text.Json;
using XDistilTorch.Tokenization.Loading;

namespace XDistilTorch.Tokenization.Saving;

/// <summary>The four files of a tokenizer, each as its bytes, laid out as the reference writes them.</summary>
/// <param name="tokenizer">The tokenizer.</param>
internal sealed class TokenizerContent(BertTokenizer tokenizer)
{
    private const string UnknownLength = "1000000000000000019884624838656"; // the reference's "no limit is known": int(1e30)

    private readonly BertTokenizerOptions options = tokenizer.Options;

    /// <summary>Names and contents.</summary>
    public IEnumerable<(string Name, byte[] Content)> Files() =>
        [
            (PretrainedTokenizer.VocabularyName, Vocabulary()),
            (PretrainedTokenizer.TokenizerName, Json(new TokenizerJsonLayout(tokenizer).Write, ""u8)), // the Rust library ends the file without a line break
            (PretrainedTokenizer.ConfigName, Json(WriteConfig, "\n"u8)),
            (PretrainedTokenizer.SpecialTokensName, Json(WriteSpecialTokens, "\n"u8)),
        ];

    private byte[] Vocabulary()
    {
        var lines = new StringBuilder();
        for (var id = 0; id < tokenizer.Vocabulary.Count; id++)
            lines.Append(tokenizer.Vocabulary.Piece(id)).Append('\n');
        return System.Text.Encoding.UTF8.GetBytes(lines.ToString());
    }

    // Keys in alphabetical order, as Python sorts them.
    private void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteAdditional(json);
        json.WriteBoolean("clean_up_tokenization_spaces", true);
        json.WriteString("cls_token", options.ClsToken);
        json.WriteBoolean("do_lower_case", options.LowerCase);
        WriteMask(json);
        json.WritePropertyName("model_max_length");
        if (options.ModelMaxLength is { } length)
            json.WriteNumberValue(length);
        else
            json.WriteRawValue(UnknownLength);
        json.WriteString("pad_token", options.PadToken);
        json.WriteString("sep_token", options.SepToken);
        json.WriteOptional("strip_accents", options.StripAccents);
        json.WriteBoolean("tokenize_chinese_chars", options.TokenizeChineseChars);
        json.WriteString("tokenizer_class", "BertTokenizer");
        json.WriteString("unk_token", options.UnkToken);
        json.WriteEndObject();
    }

    private void WriteSpecialTokens(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteAdditional(json);
        json.WriteString("cls_token", options.ClsToken);
        if (tokenizer.MaskId is not null)
            WriteMask(json);
        json.WriteString("pad_token", options.PadToken);
        json.WriteString("sep_token", options.SepToken);
        json.WriteString("unk_token", options.UnkToken);
        json.WriteEndObject();
    }

    private void WriteAdditional(Utf8JsonWriter json)
    {
        if (options.AdditionalSpecialTokens.Count == 0)
            return;
        json.WriteStartArray("additional_special_tokens");
        foreach (var token in options.AdditionalSpecialTokens)
            json.WriteStringValue(token);
        json.WriteEndArray();
    }

    // Null where the vocabulary has none: the reference would give the name an id of its own, beyond the model's embeddings.
    private void WriteMask(Utf8JsonWriter json) => json.WriteString("mask_token", tokenizer.MaskId is null ? null : options.MaskToken);

    private static byte[] Json(Action<Utf8JsonWriter> write, ReadOnlySpan<byte> end)
    {
        using var buffer = new MemoryStream();
        var layout = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = ReadableJsonEncoder.Instance,
        };
        using (var json = new Utf8JsonWriter(buffer, layout))
            write(json);
        buffer.Write(end);
        return buffer.ToArray();
    }
}

/// <summary>What the JSON writer has no word for.</summary>
internal static class OptionalJson
{
    public static void WriteOptional(this Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
            json.WriteBoolean(name, known);
        else
            json.WriteNull(name);
    }
}
