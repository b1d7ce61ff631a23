using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Hub;

namespace XDistilTorch.Cli;

/// <summary>What <c>xdistil model download</c> left in the cache, for machines.</summary>
internal sealed record DownloadRecord(string Model, string Revision, string Commit, string Folder, IReadOnlyList<DownloadRecord.File> Files)
{
    /// <summary>A file; <c>fetched</c>: over the network now, not from the cache.</summary>
    internal sealed record File(string Name, long Bytes, bool Fetched);

    public static DownloadRecord Of(HubSnapshot snapshot) =>
        new(
            snapshot.Model.Name,
            snapshot.Model.Revision,
            snapshot.Commit,
            snapshot.Folder,
            [.. snapshot.Files.Select(file => new File(file.Name, file.Bytes, file.Fetched))]
        );
}

[JsonSerializable(typeof(DownloadRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class DownloadJson : JsonSerializerContext
{
    public static DownloadJson OneLine { get; } =
        new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
}
