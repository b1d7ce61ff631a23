using System.Globalization;
using System.Text.Json;

namespace XDistilTorch.Modeling;

/// <summary>Writes a <c>config.json</c> with every field that shapes or names the model, keys in alphabetical order, as the reference sorts them.</summary>
internal static class BertConfigWriter
{
    public static void Write(string path, BertConfig config)
    {
        config.ThrowOnFaults();
        var content = Content(config);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(temporary)) // not renamed: something went wrong
                File.Delete(temporary);
        }
    }

    private static byte[] Content(BertConfig config)
    {
        using var buffer = new MemoryStream();
        var layout = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = ReadableJsonEncoder.Instance,
        };
        using (var json = new Utf8JsonWriter(buffer, layout))
        {
            json.WriteStartObject();
            WriteFields(json, config);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.ToArray();
    }

    private static void WriteFields(Utf8JsonWriter json, BertConfig config)
    {
        if (config.Architectures.Count > 0)
        {
            json.WriteStartArray("architectures");
            foreach (var name in config.Architectures)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        WriteReal(json, "attention_probs_dropout_prob", config.AttentionProbsDropoutProb);
        json.WriteNull("classifier_dropout");
        if (config.DType is { } dtype)
            json.WriteString("dtype", dtype);
        json.WriteString("hidden_act", config.HiddenAct);
        WriteReal(json, "hidden_dropout_prob", config.HiddenDropoutProb);
        json.WriteNumber("hidden_size", config.HiddenSize);
        WriteReal(json, "initializer_range", config.InitializerRange);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        WriteReal(json, "layer_norm_eps", config.LayerNormEps);
        json.WriteNumber("max_position_embeddings", config.MaxPositionEmbeddings);
        json.WriteString("model_type", "bert");
        json.WriteNumber("num_attention_heads", config.NumAttentionHeads);
        json.WriteNumber("num_hidden_layers", config.NumHiddenLayers);
        if (config.PadTokenId is { } padding)
            json.WriteNumber("pad_token_id", padding);
        else
            json.WriteNull("pad_token_id");
        json.WriteString("position_embedding_type", "absolute");
        WritePruned(json, config.PrunedHeads);
        if (config.TransformersVersion is { } version)
            json.WriteString("transformers_version", version);
        json.WriteNumber("type_vocab_size", config.TypeVocabSize);
        json.WriteNumber("vocab_size", config.VocabSize);
    }

    // Only where there are any: other programs take the field for a sign that heads are gone.
    private static void WritePruned(Utf8JsonWriter json, IReadOnlyDictionary<int, IReadOnlyList<int>> pruned)
    {
        if (pruned.All(layer => layer.Value.Count == 0))
            return;
        json.WriteStartObject("pruned_heads");
        foreach (var (layer, heads) in pruned.Where(layer => layer.Value.Count > 0).OrderBy(layer => layer.Key))
        {
            json.WriteStartArray(layer.ToString(CultureInfo.InvariantCulture));
            foreach (var head in heads.Order())
                json.WriteNumberValue(head);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    // As Python writes it, 0.0 and not 0: the reference since transformers 5 checks that a field is a float.
    private static void WriteReal(Utf8JsonWriter json, string name, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        json.WritePropertyName(name);
        json.WriteRawValue(text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text);
    }
}
