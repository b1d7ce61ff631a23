using System.Text.Json;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>
/// Reads <c>tokenizer.json</c>. Its vocabulary, nearly all of the file, is streamed: taken, or only compared where <c>vocab.txt</c> has given one;
/// the rest is small and kept as JSON.
/// </summary>
internal sealed class TokenizerJson
{
    private readonly TokenizerFile file;

    private TokenizerJson(TokenizerFile file)
    {
        this.file = file;
        Root = new(file, "", ParseFields(new MemoryStream()));
        Model = new(file, "model", Root.Element);
    }

    /// <summary>The vocabulary; null if the file has none.</summary>
    public WordPieceVocabulary? Vocabulary { get; private set; }

    /// <summary>The first thing in which the file's vocabulary differs from the given one.</summary>
    public string? Difference { get; private set; }

    /// <summary>The file but its model.</summary>
    public JsonPlace Root { get; private set; }

    /// <summary>The model but its vocabulary.</summary>
    public JsonPlace Model { get; private set; }

    /// <param name="file">The file.</param>
    /// <param name="other">The vocabulary of <c>vocab.txt</c> if there is one; the file's is then only compared with it.</param>
    public static TokenizerJson Read(TokenizerFile file, WordPieceVocabulary? other)
    {
        var json = new TokenizerJson(file);
        if (other is not null && json.TryReadOrdered(other))
            return json;
        try
        {
            var reader = new Utf8JsonReader(file.Content);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw file.Fault(
                    "",
                    $"found a JSON {reader.TokenType}, expected an object. Replace the file by the one saved with the model."
                );
            json.ReadSections(ref reader, other);
            while (reader.Read()) // what follows the object is broken
                continue;
            return json;
        }
        catch (JsonException e)
        {
            throw file.BrokenJson(e);
        }
    }

    private bool TryReadOrdered(WordPieceVocabulary other)
    {
        if (OrderedVocabularySection.Find(file.Content, other) is not { } section)
            return false;
        byte[] rest = [.. file.Content[..section.Start], .. "{}"u8, .. file.Content[section.End..]];
        try
        {
            using var document = JsonDocument.Parse(rest);
            var root = document.RootElement.Clone();
            // What was found is the model's vocabulary only if it is now an empty object there.
            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("model", out var model)
                || model.ValueKind != JsonValueKind.Object
                || !model.TryGetProperty("vocab", out var vocabulary)
                || vocabulary.ValueKind != JsonValueKind.Object
                || vocabulary.EnumerateObject().MoveNext()
            )
                return false;
            Root = new JsonPlace(file, "", root);
            Model = new JsonPlace(file, "model", model);
            return true;
        }
        catch (JsonException)
        {
            return false; // the streaming reader tells where in the file
        }
    }

    private void ReadSections(ref Utf8JsonReader reader, WordPieceVocabulary? other)
    {
        var fields = new MemoryStream();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isModel = reader.ValueTextEquals("model");
            reader.Read();
            if (isModel && reader.TokenType == JsonTokenType.StartObject)
                Model = ReadModel(ref reader, other);
            else
                CopyField(ref reader, start, fields);
        }
        Root = new JsonPlace(file, "", ParseFields(fields));
    }

    private JsonPlace ReadModel(ref Utf8JsonReader reader, WordPieceVocabulary? other)
    {
        var fields = new MemoryStream();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isVocabulary = reader.ValueTextEquals("vocab");
            reader.Read();
            if (!isVocabulary)
                CopyField(ref reader, start, fields);
            else if (reader.TokenType != JsonTokenType.StartObject)
                throw file.Fault(
                    "model.vocab",
                    $"found {reader.TokenType}, expected an object of pieces and ids, as WordPiece has. Use a BERT tokenizer."
                );
            else if (other is null)
                Vocabulary = JsonVocabulary.Read(ref reader, file);
            else
                Difference = JsonVocabulary.Compare(ref reader, file, other);
        }
        return new JsonPlace(file, "model", ParseFields(fields));
    }

    private void CopyField(ref Utf8JsonReader reader, int start, MemoryStream fields)
    {
        reader.Skip();
        fields.Write(fields.Length == 0 ? "{"u8 : ","u8);
        fields.Write(file.Content[start..(int)reader.BytesConsumed]);
    }

    private static JsonElement ParseFields(MemoryStream fields)
    {
        fields.Write(fields.Length == 0 ? "{}"u8 : "}"u8);
        var reader = new Utf8JsonReader(fields.GetBuffer().AsSpan(0, (int)fields.Length));
        return JsonElement.ParseValue(ref reader);
    }
}
