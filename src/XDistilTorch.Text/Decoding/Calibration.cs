using System.Globalization;
using System.Text.Json.Serialization;

namespace XDistilTorch.Decoding;

/// <summary>
/// What was fitted for a model on a development set, so that the <c>calibrated</c> decoder's probabilities hold; stands as
/// <see cref="FileName"/> beside the weights. Windows and limits are those it was fitted with: it speaks for others only roughly.
/// </summary>
/// <remarks>
/// Calibration errors and F1 are those on questions that were set apart from fitting, where there were such; else those on the questions fitted on, which
/// flatter. <c>xdistil model calibrate</c> tells both.
/// </remarks>
public sealed record Calibration
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "calibration.json";

    /// <summary>The version of the file's fields that this library reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Which fields there are and what they mean; <see cref="CurrentVersion"/>.</summary>
    [JsonPropertyName("version")]
    public required int Version { get; init; }

    /// <summary>What scores are divided by.</summary>
    [JsonPropertyName("temperature")]
    public required double Temperature { get; init; }

    /// <summary>No answer when the null odds exceed this; logits.</summary>
    [JsonPropertyName("null_threshold")]
    public required double NullThreshold { get; init; }

    /// <summary>
    /// What null odds are divided by (<see cref="CalibratedDecoderOptions.NullTemperature"/>); null, and not written, where one temperature serves for all.
    /// </summary>
    [JsonPropertyName("null_temperature"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NullTemperature { get; init; }

    /// <summary>The decoder it was fitted for; <see cref="CalibratedDecoder.Name"/>.</summary>
    [JsonPropertyName("decoder")]
    public required string Decoder { get; init; }

    /// <summary>The longest window, in tokens.</summary>
    [JsonPropertyName("max_length")]
    public required int MaxLength { get; init; }

    /// <summary>How many context tokens neighbouring windows share.</summary>
    [JsonPropertyName("stride")]
    public required int Stride { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    [JsonPropertyName("max_answer_length")]
    public required int MaxAnswerLength { get; init; }

    /// <summary>SHA-256 of the data file it was fitted on, also where a part of it was set apart; 64 hexadecimal digits.</summary>
    [JsonPropertyName("data_sha256")]
    public required string DataSha256 { get; init; }

    /// <summary>How many questions it was fitted on.</summary>
    [JsonPropertyName("questions")]
    public required int Questions { get; init; }

    /// <summary>Expected calibration error, 0 to 1, with temperature 1 and threshold 0.</summary>
    [JsonPropertyName("ece_before")]
    public required double EceBefore { get; init; }

    /// <summary>Expected calibration error, 0 to 1, as fitted.</summary>
    [JsonPropertyName("ece_after")]
    public required double EceAfter { get; init; }

    /// <summary>F1, 0 to 100, with threshold 0.</summary>
    [JsonPropertyName("f1_before")]
    public required double F1Before { get; init; }

    /// <summary>F1, 0 to 100, as fitted.</summary>
    [JsonPropertyName("f1_after")]
    public required double F1After { get; init; }

    /// <summary>The decoder's settings.</summary>
    public CalibratedDecoderOptions ToOptions() =>
        new()
        {
            Temperature = Temperature,
            NullTemperature = NullTemperature,
            NullThreshold = NullThreshold,
            MaxAnswerLength = MaxAnswerLength,
        };

    /// <summary>Everything that is out of range, one line each; none when all is well.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Version != CurrentVersion)
            yield return Fault("version", Version, $"{CurrentVersion}; another version of xdistil may have written it");
        if (!(Temperature > 0 && double.IsFinite(Temperature)))
            yield return Fault("temperature", Temperature, "a finite number above 0");
        if (NullTemperature is { } own && !(own > 0 && double.IsFinite(own)))
            yield return Fault("null_temperature", own, "a finite number above 0, or nothing");
        if (!double.IsFinite(NullThreshold))
            yield return Fault("null_threshold", NullThreshold, "a finite number of logits");
        if (Decoder != CalibratedDecoder.Name)
            yield return Fault("decoder", $"\"{Decoder}\"", $"\"{CalibratedDecoder.Name}\"");
        if (MaxLength < 1)
            yield return Fault("max_length", MaxLength, "at least 1 token");
        if (Stride < 0 || Stride >= MaxLength)
            yield return Fault("stride", Stride, "0 or more tokens, fewer than max_length");
        if (MaxAnswerLength < 1)
            yield return Fault("max_answer_length", MaxAnswerLength, "at least 1 token");
        if (DataSha256 is not { Length: 64 } || !DataSha256.All(char.IsAsciiHexDigit))
            yield return Fault("data_sha256", $"\"{DataSha256}\"", "64 hexadecimal digits");
        if (Questions < 1)
            yield return Fault("questions", Questions, "at least 1");
        foreach (var (name, value, most) in Figures())
            if (!(value >= 0 && value <= most))
                yield return Fault(name, value, string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {most}"));
    }

    private (string Name, double Value, double Most)[] Figures() =>
        [("ece_before", EceBefore, 1), ("ece_after", EceAfter, 1), ("f1_before", F1Before, 100), ("f1_after", F1After, 100)];

    private static string Fault(string field, object found, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{field} is {found}, expected {expected}");
}
