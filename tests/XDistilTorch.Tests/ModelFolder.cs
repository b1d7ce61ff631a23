using System.Globalization;
using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests;

/// <summary>A small model with a vocabulary in a temporary folder, in Hugging Face layout; random weights from a fixed seed.</summary>
public sealed class ModelFolder : IDisposable
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        .. "abcdefghijklmnopqrstuvwxyz.,?!".Select(c => c.ToString()),
        .. "abcdefghijklmnopqrstuvwxyz".Select(c => $"##{c}"),
        "the",
        "clock",
        "who",
        "was",
        "repaired",
        "by",
        "osei",
    ];

    private static readonly BertConfig Config = new()
    {
        VocabSize = Vocabulary.Length,
        HiddenSize = 32,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        IntermediateSize = 64,
        MaxPositionEmbeddings = 64,
        InitializerRange = 0.4,
    };

    // Made once: the seed is torch's own, which other tests draw from at the same time, and all folders are to hold the same model.
    private static readonly Lazy<byte[]> Weights = new(() =>
    {
        random.manual_seed(3);
        using var model = new BertForQuestionAnswering(Config);
        var path = System.IO.Path.GetTempFileName();
        CheckpointWriter.Save(model, path);
        var bytes = System.IO.File.ReadAllBytes(path);
        System.IO.File.Delete(path);
        return bytes;
    });

    public ModelFolder()
    {
        System.IO.File.WriteAllBytes(File("model.safetensors"), Weights.Value);
        System.IO.File.WriteAllLines(File("vocab.txt"), Vocabulary);
        System.IO.File.WriteAllText(File("tokenizer_config.json"), """{"do_lower_case": true, "model_max_length": 64}""");
        WriteConfig(
            new()
            {
                ["model_type"] = "bert",
                ["vocab_size"] = Config.VocabSize,
                ["hidden_size"] = Config.HiddenSize,
                ["num_hidden_layers"] = Config.NumHiddenLayers,
                ["num_attention_heads"] = Config.NumAttentionHeads,
                ["intermediate_size"] = Config.IntermediateSize,
                ["max_position_embeddings"] = Config.MaxPositionEmbeddings,
            }
        );
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("xdistil-model-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void WriteConfig(Dictionary<string, object> fields) =>
        System.IO.File.WriteAllText(File("config.json"), JsonSerializer.Serialize(fields));

    /// <summary>A text of so many words that the vocabulary spells.</summary>
    public static string Text(int words, int seed = 1)
    {
        var random = new Random(seed);
        string[] known = ["the", "clock", "was", "repaired", "by", "osei", "zebra", "Café", "🍵"];
        return string.Join(' ', Enumerable.Range(0, words).Select(i => known[random.Next(known.Length)] + (i % 9 == 8 ? "." : "")));
    }

    public static QuestionInput Question(int number) =>
        new("who repaired the clock?", Text(5 + number * 7 % 90, number), number.ToString(CultureInfo.InvariantCulture));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
