using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Prediction;

/// <summary>Reads and writes the records of runs.</summary>
internal static class RunRecordFile
{
    /// <exception cref="DataException">The file is not a record of a run.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var record = JsonSerializer.Deserialize(file, RunRecordJson.Default.RunRecord) ?? throw new JsonException("it holds null.");
            return record.Version == RunRecord.CurrentVersion
                ? record
                : throw new JsonException($"version is {record.Version}, expected {RunRecord.CurrentVersion}.");
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: not the record of a run: {e.Message} Start again with --overwrite.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Replaces the record: at every moment the old one or the new one is there.</summary>
    public static void Write(string path, RunRecord record)
    {
        var temporary = $"{path}.tmp"; // one name, so that a killed run leaves one file at most
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, record, RunRecordJson.Default.RunRecord);
            file.Write("\n"u8);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>The record of a run as JSON, without reflection.</summary>
[JsonSerializable(typeof(RunRecord))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
internal sealed partial class RunRecordJson : JsonSerializerContext;
