using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Checkpoints;
using XDistilTorch.Conversion;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Converting;

/// <summary>A converted model for machines. Every tensor was read back and compared: <c>hashes_equal</c> counts them; <c>rounded</c> are those whose type rounds a number.</summary>
internal sealed record ConversionRecord(
    string Source,
    string Output,
    int Tensors,
    int HashesEqual,
    long Numbers,
    IReadOnlyDictionary<string, int> TypesBefore,
    IReadOnlyDictionary<string, int> Types,
    long BytesBefore,
    long Bytes,
    int Rounded,
    double LargestChange,
    int Renamed,
    IReadOnlyList<ConversionRecord.File> Files,
    IReadOnlyList<string> LeftOut
)
{
    /// <summary>A file of the new folder.</summary>
    internal sealed record File(string Name, long Bytes, string Sha256);

    public static ConversionRecord Of(string output, ConversionReport report) =>
        new(
            report.Source,
            output,
            report.Tensors,
            report.Tensors,
            report.Numbers,
            Named(report.TypesBefore),
            Named(report.Types),
            report.BytesBefore,
            report.Bytes,
            report.Rounded,
            report.LargestChange,
            report.Renamed.Count,
            [.. report.WeightFiles.Concat(report.Copied).Select(name => Listed(output, name))],
            report.LeftOut
        );

    private static File Listed(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return new File(name, new FileInfo(path).Length, FileHash.OfFile(path));
    }

    // The names of the enumeration are those of the safetensors format.
    private static Dictionary<string, int> Named(IReadOnlyDictionary<DType, int> types) =>
        types.ToDictionary(type => type.Key.ToString().ToUpperInvariant(), type => type.Value);
}

[JsonSerializable(typeof(ConversionRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ConversionJson : JsonSerializerContext
{
    public static ConversionJson OneLine { get; } =
        new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
}
