using System.Text.Json;
using System.Text.Json.Nodes;

namespace XDistilTorch.Text.Tests.Tokenization;

/// <summary>A folder with the files of a small tokenizer, as a test wants them; gone after the test.</summary>
internal sealed class TokenizerFolder : IDisposable
{
    public static readonly string[] Pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "oak", "barrel", "##s", ",", "\u4e2d"];

    public TokenizerFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "xdistil-" + Guid.NewGuid().ToString("N"));

    public TokenizerFolder With(string name, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), content);
        return this;
    }

    public TokenizerFolder With(string name, byte[] content)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), content);
        return this;
    }

    public TokenizerFolder WithVocabulary(params IEnumerable<string> pieces) => With("vocab.txt", string.Join('\n', pieces) + "\n");

    public TokenizerFolder WithConfig(string json) => With("tokenizer_config.json", json);

    /// <summary>A whole tokenizer.json of these pieces, changed by the test.</summary>
    public TokenizerFolder WithTokenizerJson(Action<JsonObject>? change = null, IEnumerable<string>? pieces = null)
    {
        var vocabulary = new JsonObject((pieces ?? Pieces).Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)));
        var json = JsonNode.Parse(
            """
            {
              "version": "1.0",
              "truncation": null,
              "added_tokens": [
                {"id": 1, "content": "[UNK]", "special": true}, {"id": 2, "content": "[CLS]", "special": true}, {"id": 3, "content": "[SEP]", "special": true}
              ],
              "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
              "pre_tokenizer": {"type": "BertPreTokenizer"},
              "post_processor": {"type": "TemplateProcessing", "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}}},
              "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
              "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
            }
            """
        )!;
        json["model"]!["vocab"] = vocabulary;
        change?.Invoke(json.AsObject());
        return With("tokenizer.json", json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
