using System.Text.Json;
using System.Text.Unicode;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>One file of a tokenizer, its bytes read and known to be UTF-8.</summary>
internal sealed class TokenizerFile
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private readonly byte[] bytes;
    private readonly int start;

    private TokenizerFile(string path, byte[] bytes)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        this.bytes = bytes;
        start = bytes.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
    }

    public string Path { get; }

    public string Name { get; }

    public ReadOnlySpan<byte> Content => bytes.AsSpan(start);

    /// <summary>Reads a file of a folder; null if it is not there.</summary>
    public static TokenizerFile? TryRead(string folder, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path))
            return null;
        try
        {
            var file = new TokenizerFile(path, File.ReadAllBytes(path));
            file.RequireUtf8();
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(
                $"{path}: the file is there but cannot be read: {e.Message} Check its permissions and the disk.",
                e
            );
        }
    }

    /// <summary>A fault in this file.</summary>
    public TokenizerException Fault(string place, string finding, Exception? inner = null) =>
        new(place.Length == 0 ? $"{Path}: {finding}" : $"{Path}, {place}: {finding}", inner);

    /// <summary>Its JSON as an object.</summary>
    public JsonElement ParseObject()
    {
        try
        {
            var reader = new Utf8JsonReader(Content);
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind != JsonValueKind.Object)
                throw Fault("", $"found a JSON {root.ValueKind}, expected an object. Replace the file by the one saved with the model.");
            while (reader.Read()) // what follows the object is broken
                continue;
            return root;
        }
        catch (JsonException e)
        {
            throw BrokenJson(e);
        }
    }

    public TokenizerException BrokenJson(JsonException e) =>
        Fault(
            $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}",
            Content.IsEmpty
                ? "the file is empty, expected a JSON object. Copy it again from where the model came from."
                : $"the JSON is broken or cut off here; expected a complete JSON object. Copy the file again from where the model came from. ({e.Message})",
            e
        );

    private void RequireUtf8()
    {
        if (Utf8.IsValid(bytes))
            return;
        var characters = new char[bytes.Length];
        Utf8.ToUtf16(bytes, characters, out var valid, out _, replaceInvalidSequences: false);
        var line = bytes.AsSpan(0, valid).Count((byte)'\n') + 1;
        throw Fault(
            $"line {line}",
            $"byte 0x{bytes[valid]:X2} at position {valid} is not UTF-8; expected a UTF-8 text. Save the file as UTF-8."
        );
    }
}
