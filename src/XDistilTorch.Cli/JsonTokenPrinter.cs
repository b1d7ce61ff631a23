using System.Text.Json;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Cli;

/// <summary>
/// One line of JSON a row: <c>ids, type_ids, tokens, offsets</c> (code points, flat: start, end, start, end ...), <c>offsets_utf16, word_ids</c> (-1: none);
/// with windows, an array of such objects under <c>windows</c>.
/// </summary>
internal sealed class JsonTokenPrinter(TextWriter output, BertTokenizer tokenizer) : ITokenPrinter
{
    public void Print(Encoding encoding, TextRow row) =>
        Write(json => WriteTokens(json, Tokens.Of(encoding), new CodePointIndex(row.Text), new CodePointIndex(row.Pair ?? "")));

    public void Print(IReadOnlyList<TokenWindow> windows, TextRow row) =>
        Write(json =>
        {
            var (text, pair) = (new CodePointIndex(row.Text), new CodePointIndex(row.Pair ?? ""));
            json.WriteStartArray("windows");
            foreach (var window in windows)
            {
                json.WriteStartObject();
                WriteTokens(json, Tokens.Of(window, tokenizer), text, pair);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    private void Write(Action<Utf8JsonWriter> content)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = ReadableJsonEncoder.Instance }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(line.GetBuffer().AsSpan(0, (int)line.Length)));
    }

    private static void WriteTokens(Utf8JsonWriter json, Tokens tokens, CodePointIndex text, CodePointIndex pair)
    {
        WriteNumbers(json, "ids", tokens.Ids);
        WriteNumbers(json, "type_ids", tokens.TypeIds);
        json.WriteStartArray("tokens");
        foreach (var token in tokens.Texts)
            json.WriteStringValue(token);
        json.WriteEndArray();
        WriteNumbers(json, "offsets", tokens.Flat((span, sequence) => (sequence == 1 ? pair : text).ToCodePoints(span)));
        WriteNumbers(json, "offsets_utf16", tokens.Flat((span, _) => (span.Start, span.End)));
        WriteNumbers(json, "word_ids", tokens.WordIds);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
