using System.Text;
using System.Text.Json;

namespace XDistilTorch.Evaluation;

/// <summary>An <see cref="EvaluationReport"/> as one JSON object.</summary>
internal static class EvaluationJson
{
    private const int IdsListed = 10;

    public static string Write(EvaluationReport report)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = ReadableJsonEncoder.Instance }))
        {
            json.WriteStartObject();
            WriteFigures(json, report);
            WriteIntervals(json, report);
            WriteBreakdowns(json, report.Breakdowns);
            WriteCalibration(json, report.Calibration);
            WriteWorst(json, report.Worst);
            WriteCounts(json, report);
            WriteComparison(json, report);
            WriteTexts(json, "notes", report.Notes);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public static JsonElement.ObjectEnumerator Figures(EvaluationReport report) =>
        (
            report.Squad2 is { } v2
                ? JsonSerializer.SerializeToElement(v2, FiguresJsonContext.Default.Squad2Figures)
                : JsonSerializer.SerializeToElement(report.Squad1!, FiguresJsonContext.Default.Squad1Figures)
        ).EnumerateObject();

    private static void WriteFigures(Utf8JsonWriter json, EvaluationReport report)
    {
        foreach (var figure in Figures(report))
            figure.WriteTo(json);
        json.WriteString("version", report.Squad2 is null ? "1.1" : "2.0");
        json.WriteString("predictions", report.Name);
        WriteNumber(json, "na_prob_thresh", report.NoAnswerThreshold);
    }

    private static void WriteIntervals(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartObject("intervals");
        json.WriteNumber("level", report.Exact.Level);
        json.WriteNumber("resamples", report.Resamples);
        json.WriteNumber("seed", report.Seed);
        WriteInterval(json, "exact", report.Exact);
        WriteInterval(json, "f1", report.F1);
        json.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter json, string name, BootstrapInterval interval, double? pValue = null)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean", interval.Mean);
        json.WriteNumber("lower", interval.Lower);
        json.WriteNumber("upper", interval.Upper);
        if (pValue is { } p)
            json.WriteNumber("p_value", p);
        json.WriteEndObject();
    }

    private static void WriteBreakdowns(Utf8JsonWriter json, IReadOnlyList<Breakdown> breakdowns)
    {
        json.WriteStartObject("breakdowns");
        foreach (var breakdown in breakdowns)
        {
            json.WriteStartArray(breakdown.Name);
            foreach (var (name, figures) in breakdown.Groups)
            {
                json.WriteStartObject();
                json.WriteString("group", name);
                json.WriteNumber("total", figures.Total);
                json.WriteNumber("exact", figures.Exact);
                json.WriteNumber("f1", figures.F1);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteCalibration(Utf8JsonWriter json, AnswerCalibration? calibration)
    {
        if (calibration is null)
            return;
        var reliability = calibration.Reliability;
        json.WriteStartObject("calibration");
        json.WriteNumber("total", calibration.Total);
        json.WriteNumber("ece", reliability.ExpectedError);
        json.WriteNumber("mce", reliability.MaximumError);
        json.WriteNumber("brier", reliability.BrierScore);
        json.WriteStartArray("bins");
        foreach (var bin in reliability.Bins)
        {
            json.WriteStartObject();
            json.WriteNumber("from", bin.Index / (double)reliability.Bins.Count);
            json.WriteNumber("to", (bin.Index + 1) / (double)reliability.Bins.Count);
            json.WriteNumber("count", bin.Count);
            WriteNumber(json, "confidence", bin.Confidence);
            WriteNumber(json, "accuracy", bin.Accuracy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("coverage");
        foreach (var (wanted, coverage) in calibration.Coverage)
        {
            json.WriteStartObject();
            json.WriteNumber("wanted_accuracy", wanted);
            json.WriteNumber("share", coverage.Share);
            json.WriteNumber("count", coverage.Count);
            WriteNumber(json, "accuracy", coverage.Accuracy);
            WriteNumber(json, "probability", coverage.Probability);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteWorst(Utf8JsonWriter json, IReadOnlyList<WorstError> worst)
    {
        json.WriteStartArray("worst");
        foreach (var (outcome, excerpt) in worst)
        {
            json.WriteStartObject();
            json.WriteString("id", outcome.Row.Id);
            json.WriteString("question", outcome.Row.Question);
            json.WriteString("prediction", outcome.Prediction);
            WriteTexts(json, "gold", outcome.GoldTexts.Distinct(StringComparer.Ordinal));
            json.WriteNumber("f1", outcome.Score.F1);
            WriteNumber(json, "probability", outcome.Confidence?.Probability);
            WriteNumber(json, "na_score", outcome.NoAnswerScore);
            json.WriteString("context", excerpt);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteNumber("missing", report.MissingIds.Count);
        json.WriteNumber("surplus", report.SurplusIds.Count);
        json.WriteNumber("duplicates", report.DuplicateIds.Count);
        json.WriteNumber("failed", report.Failed);
        WriteTexts(json, "missing_ids", report.MissingIds.Take(IdsListed));
        WriteTexts(json, "surplus_ids", report.SurplusIds.Take(IdsListed));
        WriteTexts(json, "duplicate_ids", report.DuplicateIds.Take(IdsListed));
    }

    private static void WriteComparison(Utf8JsonWriter json, EvaluationReport report)
    {
        if (report.Comparison is not { } comparison)
            return;
        json.WriteStartObject("comparison");
        json.WriteString("predictions", report.ComparedWith);
        json.WriteNumber("total", comparison.Total);
        WriteInterval(json, "exact", comparison.Exact, comparison.ExactPValue);
        WriteInterval(json, "f1", comparison.F1, comparison.F1PValue);
        json.WriteStartObject("mcnemar");
        json.WriteNumber("only_first", comparison.McNemar.OnlyFirst);
        json.WriteNumber("only_second", comparison.McNemar.OnlySecond);
        json.WriteNumber("p_value", comparison.McNemar.PValue);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
