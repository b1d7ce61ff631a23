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

    public ModelFolder()
    {
        var config = new BertConfig
        {
            VocabSize = Vocabulary.Length,
            HiddenSize = 32,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            IntermediateSize = 64,
            MaxPositionEmbeddings = 64,
            InitializerRange = 0.4,
        };
        random.manual_seed(3);
        using var model = new BertForQuestionAnswering(config);
        CheckpointWriter.Save(model, File("model.safetensors"));
        System.IO.File.WriteAllLines(File("vocab.txt"), Vocabulary);
        System.IO.File.WriteAllText(File("tokenizer_config.json"), """{"do_lower_case": true, "model_max_length": 64}""");
        WriteConfig(
            new()
            {
                ["model_type"] = "bert",
                ["vocab_size"] = config.VocabSize,
                ["hidden_size"] = config.HiddenSize,
                ["num_hidden_layers"] = config.NumHiddenLayers,
                ["num_attention_heads"] = config.NumAttentionHeads,
                ["intermediate_size"] = config.IntermediateSize,
                ["max_position_embeddings"] = config.MaxPositionEmbeddings,
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
