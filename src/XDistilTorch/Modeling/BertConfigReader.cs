using System.Globalization;
using System.Text.Json;

namespace XDistilTorch.Modeling;

/// <summary>Reads every field of a BERT <c>config.json</c>; collects every fault before it complains.</summary>
internal sealed class BertConfigReader
{
    private static readonly HashSet<string> Shaping =
    [
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
    ];

    // Known to every config of the reference and without effect on what the encoder computes.
    private static readonly HashSet<string> WithoutEffect =
    [
        "_attn_implementation_autoset",
        "_name_or_path",
        "_commit_hash",
        "attn_implementation",
        "bos_token_id",
        "chunk_size_feed_forward",
        "classifier_dropout",
        "directionality",
        "eos_token_id",
        "finetuning_task",
        "gradient_checkpointing",
        "id2label",
        "label2id",
        "language",
        "name",
        "output_attentions",
        "output_hidden_states",
        "output_past",
        "pooler_fc_size",
        "pooler_num_attention_heads",
        "pooler_num_fc_layers",
        "pooler_size_per_head",
        "pooler_type",
        "problem_type",
        "return_dict",
        "sep_token_id",
        "tie_word_embeddings",
        "use_cache",
    ];

    private readonly Dictionary<string, JsonElement> fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];
    private readonly List<string> defaulted = [];

    private BertConfigReader() { }

    public static BertConfig Read(string path)
    {
        var reader = new BertConfigReader();
        using var document = Parse(path);
        BertConfig config;
        try
        {
            reader.Collect(document.RootElement);
            config = reader.Build();
        }
        catch (InvalidOperationException e) // half a surrogate pair, the one thing that JSON can write and text cannot hold
        {
            throw new ConfigException($"{path}: holds a text that is not Unicode (half a surrogate pair). Correct the file.", e);
        }
        if (reader.faults.Count == 0)
            return config;
        throw new ConfigException(
            $"{path}: {reader.faults.Count} {(reader.faults.Count == 1 ? "field does" : "fields do")} not describe a BERT encoder that can be loaded:\n  "
                + string.Join("\n  ", reader.faults)
                + "\nTake a checkpoint of a BERT model with absolute positions (model_type \"bert\"), or correct the file."
        );
    }

    private static JsonDocument Parse(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException(
                $"{path}: there is no such file. A model folder needs the config.json that was saved with its weights.",
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(
                $"{path}: cannot be read: {e.Message} A model folder needs the config.json that was saved with its weights.",
                e
            );
        }
        var json = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        if (json.Span.StartsWith("version https://git-lfs"u8))
            throw new ConfigException($"{path}: is a git-lfs pointer, not the file itself. Fetch it with: git lfs pull");
        try
        {
            var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            var kind = document.RootElement.ValueKind;
            document.Dispose();
            throw new ConfigException($"{path}: holds a JSON {kind}, expected an object with the model's settings.");
        }
        catch (JsonException e)
        {
            throw new ConfigException(
                $"{path}: is not valid JSON: {e.Message} Expected the config.json that was saved with the weights.",
                e
            );
        }
    }

    private void Collect(JsonElement root)
    {
        foreach (var property in root.EnumerateObject())
            fields[property.Name] = property.Value;
    }

    private BertConfig Build()
    {
        RefuseOtherModels();
        var defaults = new BertConfig();
        var config = defaults with
        {
            VocabSize = Count("vocab_size", defaults.VocabSize),
            HiddenSize = Count("hidden_size", defaults.HiddenSize),
            NumHiddenLayers = Count("num_hidden_layers", defaults.NumHiddenLayers),
            NumAttentionHeads = Count("num_attention_heads", defaults.NumAttentionHeads),
            IntermediateSize = Count("intermediate_size", defaults.IntermediateSize),
            MaxPositionEmbeddings = Count("max_position_embeddings", defaults.MaxPositionEmbeddings),
            TypeVocabSize = Count("type_vocab_size", defaults.TypeVocabSize),
            HiddenAct = Text("hidden_act") ?? defaults.HiddenAct,
            HiddenDropoutProb = Number("hidden_dropout_prob", defaults.HiddenDropoutProb, 0, 1),
            AttentionProbsDropoutProb = Number("attention_probs_dropout_prob", defaults.AttentionProbsDropoutProb, 0, 1),
            InitializerRange = Number("initializer_range", defaults.InitializerRange, 0, 1e3),
            LayerNormEps = Number("layer_norm_eps", defaults.LayerNormEps, 0, 1),
            PadTokenId = Padding(defaults.PadTokenId),
            PrunedHeads = Pruned(),
            Architectures = Texts("architectures"),
            DType = Text("dtype") ?? Text("torch_dtype"),
            TransformersVersion = Text("transformers_version"),
            Defaulted = defaulted,
        };
        Text("torch_dtype"); // also when dtype is there
        faults.AddRange(config.Faults());
        return config with
        {
            Ignored = [.. fields.Keys.Where(k => !read.Contains(k) && !WithoutEffect.Contains(k)).Order(StringComparer.Ordinal)],
        };
    }

    private void RefuseOtherModels()
    {
        if (!fields.ContainsKey("model_type") && !Shaping.Overlaps(fields.Keys))
            faults.Add("model_type, hidden_size and the rest are absent: this is no model's config");
        if (Text("model_type") is { } type && type != "bert")
            faults.Add($"model_type is \"{type}\", expected \"bert\"");
        if (Text("position_embedding_type") is { } positions && positions != "absolute")
            faults.Add($"position_embedding_type is \"{positions}\", expected \"absolute\": relative positions are not supported");
        if (Flag("is_decoder"))
            faults.Add("is_decoder is true, expected false: a decoder attends to earlier tokens only");
        if (Flag("add_cross_attention"))
            faults.Add("add_cross_attention is true, expected false: there is no second sequence to attend to");
        if (Flag("is_encoder_decoder"))
            faults.Add("is_encoder_decoder is true, expected false");
        if (Take("quantization_config") is { ValueKind: not JsonValueKind.Null })
            faults.Add("quantization_config is given: quantised checkpoints are not supported");
        if (Take("num_labels") is { } labels && !(labels.TryGetInt32Safely(out var count) && count == 2))
            faults.Add($"num_labels is {Show(labels)}, expected 2 (start and end)");
    }

    private JsonElement? Take(string name)
    {
        read.Add(name);
        return fields.TryGetValue(name, out var value) ? value : null;
    }

    private int Count(string name, int absent)
    {
        const int Most = 1 << 24; // far above any model, far below what overflows a shape
        if (Take(name) is not { } value)
        {
            defaulted.Add(name);
            return absent;
        }
        if (value.TryGetInt32Safely(out var count) && count is > 0 and <= Most)
            return count;
        faults.Add($"{name} is {Show(value)}, expected a whole number from 1 to {Most}");
        return absent;
    }

    private double Number(string name, double absent, double least, double most)
    {
        if (Take(name) is not { } value)
            return absent;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
            return number;
        faults.Add($"{name} is {Show(value)}, expected a number from {least} to {most}");
        return absent;
    }

    private int? Padding(int? absent)
    {
        if (Take("pad_token_id") is not { } value)
            return absent;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.TryGetInt32Safely(out var id) && id >= 0)
            return id;
        faults.Add($"pad_token_id is {Show(value)}, expected null or a whole number from 0");
        return absent;
    }

    // {"3": [0, 5]}: JSON has no other keys than texts.
    private Dictionary<int, IReadOnlyList<int>> Pruned()
    {
        const string Expected = "expected layers with lists of head numbers such as {\"3\": [0, 5]}";
        Dictionary<int, IReadOnlyList<int>> pruned = [];
        if (Take("pruned_heads") is not { } value || value.ValueKind == JsonValueKind.Null)
            return pruned;
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"pruned_heads is {Show(value)}, {Expected}");
            return pruned;
        }
        foreach (var property in value.EnumerateObject())
        {
            List<int> heads = [];
            var isList =
                property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().All(element => AddTo(heads, element));
            if (!int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || !isList)
                faults.Add($"pruned_heads has \"{property.Name}\": {Show(property.Value)}, {Expected}");
            else if (!pruned.TryAdd(layer, heads)) // "3" and "03"
                faults.Add($"pruned_heads names layer {layer} twice, {Expected}");
        }
        return pruned;
    }

    private static bool AddTo(List<int> numbers, JsonElement element)
    {
        var isWhole = element.TryGetInt32Safely(out var number);
        numbers.Add(number);
        return isWhole;
    }

    private bool Flag(string name)
    {
        if (Take(name) is not { } value || value.ValueKind is JsonValueKind.False or JsonValueKind.Null)
            return false;
        if (value.ValueKind != JsonValueKind.True)
            faults.Add($"{name} is {Show(value)}, expected true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    private string? Text(string name)
    {
        if (Take(name) is not { } value || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        var fault = $"{name} is {Show(value)}, expected a text";
        if (!faults.Contains(fault))
            faults.Add(fault);
        return null;
    }

    private IReadOnlyList<string> Texts(string name)
    {
        if (Take(name) is not { } value || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(e => e.GetString()!)];
        faults.Add($"{name} is {Show(value)}, expected a list of texts");
        return [];
    }

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}

/// <summary>Whole numbers in JSON.</summary>
internal static class JsonIntegers
{
    /// <summary>As <see cref="JsonElement.TryGetInt32"/>, which throws when the value is no number at all.</summary>
    public static bool TryGetInt32Safely(this JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }
}
