using System.Globalization;
using System.Text.Json.Serialization;

namespace XDistilTorch.Prediction;

/// <summary>
/// What a run of predictions is known by and how far it came: <c>O.partial.json</c> while it is under way, <c>O.run.json</c> when it is finished.
/// Holds no times and no machine, so that equal runs have equal records.
/// </summary>
public sealed record RunRecord
{
    /// <summary>The version of the fields that this library reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Which fields there are and what they mean; <see cref="CurrentVersion"/>.</summary>
    [JsonPropertyName("version")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>What is written.</summary>
    [JsonPropertyName("format")]
    public required PredictionFormat Format { get; init; }

    /// <summary>SHA-256 of the data.</summary>
    [JsonPropertyName("data_sha256")]
    public required string? DataSha256 { get; init; }

    /// <summary>SHA-256 of the model's files (<see cref="FileHash.OfModel"/>).</summary>
    [JsonPropertyName("model_sha256")]
    public required string ModelSha256 { get; init; }

    /// <summary>Where it computes: cpu, cuda:0.</summary>
    [JsonPropertyName("device")]
    public required string Device { get; init; }

    /// <summary>How it computes: eager, packed, int8. Other engines give other last digits.</summary>
    [JsonPropertyName("engine")]
    public required string Engine { get; init; }

    /// <summary>How questions are answered.</summary>
    [JsonPropertyName("settings")]
    public required AnswerSettings Settings { get; init; }

    /// <summary>Whether rows without an id get their number.</summary>
    [JsonPropertyName("number_rows")]
    public bool NumberRows { get; init; }

    /// <summary>How many rows are taken at most; null = all.</summary>
    [JsonPropertyName("limit")]
    public long? Limit { get; init; }

    /// <summary>How many rows a chunk has.</summary>
    [JsonPropertyName("chunk_rows")]
    public required int ChunkRows { get; init; }

    /// <summary>Which shard this is, from 0.</summary>
    [JsonPropertyName("shard")]
    public int Shard { get; init; }

    /// <summary>How many shards there are.</summary>
    [JsonPropertyName("shards")]
    public int Shards { get; init; } = 1;

    /// <summary>How many rows of the data are done, those of other shards included: whole chunks.</summary>
    [JsonPropertyName("rows_done")]
    public long RowsDone { get; init; }

    /// <summary>How many rows were written: one line each.</summary>
    [JsonPropertyName("rows_written")]
    public long RowsWritten { get; init; }

    /// <summary>How many of them are errors, repetitions not counted.</summary>
    [JsonPropertyName("errors")]
    public long Errors { get; init; }

    /// <summary>How many of them repeat an earlier row.</summary>
    [JsonPropertyName("repetitions")]
    public long Repetitions { get; init; }

    /// <summary>How many windows were computed.</summary>
    [JsonPropertyName("windows")]
    public long Windows { get; init; }

    /// <summary>How many bytes of lines belong to them.</summary>
    [JsonPropertyName("bytes")]
    public long Bytes { get; init; }

    /// <summary>How many rows the data has, those of other shards included; null while the run is under way.</summary>
    [JsonPropertyName("rows_total")]
    public long? RowsTotal { get; init; }

    /// <summary>The files of a finished run, the output last; null while the run is under way.</summary>
    [JsonPropertyName("files")]
    public IReadOnlyList<WrittenFile>? Files { get; init; }

    /// <summary>Whether all rows are written.</summary>
    [JsonIgnore]
    public bool IsFinished => RowsTotal is not null;

    /// <summary>Whether what is written are the lines, not yet the files of SQuAD: they are made of all shards together.</summary>
    [JsonIgnore]
    internal bool IsOfLines => Format == PredictionFormat.Jsonl || Shards > 1;

    /// <summary>In what two runs differ that must agree to go on or to be merged, one line each.</summary>
    internal IEnumerable<string> Differences(RunRecord now, bool sameShard = true)
    {
        var (a, b) = (Facts(this), Facts(now));
        for (var i = 0; i < a.Length; i++)
            if (a[i].Value != b[i].Value && (sameShard || a[i].Name != "shard"))
                yield return $"{a[i].Name} was {a[i].Value}, is {b[i].Value}";
    }

    private static (string Name, string Value)[] Facts(RunRecord run) =>
        [
            ("the data's SHA-256", run.DataSha256 ?? "not known"),
            ("the model's SHA-256", run.ModelSha256),
            ("--device", run.Device),
            ("--engine", run.Engine),
            ("--format", Lower(run.Format)),
            ("--decoder", Lower(run.Settings.Decoder)),
            ("--top-k", Text(run.Settings.TopK)),
            ("--max-length", Text(run.Settings.MaxLength)),
            ("--stride", Text(run.Settings.Stride)),
            ("--max-answer-length", Text(run.Settings.MaxAnswerLength)),
            ("--n-best-size", Text(run.Settings.NBestSize)),
            ("--null-threshold", Text(run.Settings.NullThreshold)),
            ("the temperature", Text(run.Settings.Temperature)),
            ("the null temperature", run.Settings.NullTemperature is { } own ? Text(own) : "none"),
            ("--always-answer", Text(run.Settings.AlwaysAnswer)),
            ("--number-rows", Text(run.NumberRows)),
            ("--limit", run.Limit is { } limit ? Text(limit) : "none"),
            ("the rows of a chunk", Text(run.ChunkRows)),
            ("the number of shards", Text(run.Shards)),
            ("shard", Text(run.Shard)),
        ];

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
