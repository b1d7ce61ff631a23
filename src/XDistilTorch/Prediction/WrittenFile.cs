using System.Text.Json.Serialization;

namespace XDistilTorch.Prediction;

/// <summary>A file of a finished run.</summary>
/// <param name="Name">Its name, without folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record WrittenFile(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("sha256")] string Sha256
);
