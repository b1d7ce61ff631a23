using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Cli;

/// <summary>What <c>xdistil model export onnx</c> wrote.</summary>
/// <param name="Model">The model folder.</param>
/// <param name="Output">The folder that was made.</param>
/// <param name="Files">What is in it, by name.</param>
internal sealed record OnnxExportSummary(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("output")] string Output,
    [property: JsonPropertyName("files")] IReadOnlyList<OnnxExportSummary.ExportedFile> Files
)
{
    /// <summary>One file, by its name within the folder.</summary>
    internal sealed record ExportedFile([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("bytes")] long Bytes);

    public static OnnxExportSummary Of(string model, string output) =>
        new(
            model,
            output,
            [
                .. new DirectoryInfo(output)
                    .EnumerateFiles("*", SearchOption.AllDirectories)
                    .Select(f => new ExportedFile(Path.GetRelativePath(output, f.FullName).Replace('\\', '/'), f.Length))
                    .OrderBy(f => f.Name, StringComparer.Ordinal),
            ]
        );
}

/// <summary>JSON of <see cref="OnnxExportSummary"/>.</summary>
[JsonSerializable(typeof(OnnxExportSummary))]
internal sealed partial class OnnxExportJsonContext : JsonSerializerContext
{
    public static OnnxExportJsonContext OneLine { get; } = new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance });
}
