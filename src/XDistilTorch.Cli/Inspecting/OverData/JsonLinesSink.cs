using System.Text;
using System.Text.Json;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>One JSON object a line: the id, then what the command's <c>--json</c> has; an error as <c>xdistil predict</c> writes it.</summary>
/// <param name="write">Takes whole lines.</param>
internal sealed class JsonLinesSink(Action<string> write) : IRowSink
{
    private readonly PredictionLine errors = new(PredictionFormat.Jsonl);

    public void Write(MeasuredRow row) =>
        write(row.Json is { } json ? $"{{\"id\":{Quoted(row.Row.Id)},{json.AsSpan(1)}\n" : Encoding.UTF8.GetString(errors.Of(row.Row)));

    public void Dispose() => errors.Dispose();

    private static string Quoted(string? id) => id is null ? "null" : $"\"{JsonEncodedText.Encode(id, ReadableJsonEncoder.Instance)}\"";
}
