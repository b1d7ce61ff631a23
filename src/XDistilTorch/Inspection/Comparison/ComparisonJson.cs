using System.Buffers;
using System.Text.Json;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>Comparisons for machines: one line of JSON for each question, and one for the summary. For one thread.</summary>
public sealed class ComparisonJson : IDisposable
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = ReadableJsonEncoder.Instance };

    private readonly ArrayBufferWriter<byte> buffer = new(1 << 14);
    private readonly Utf8JsonWriter json;

    /// <summary>Creates the writer.</summary>
    public ComparisonJson() => json = new Utf8JsonWriter(buffer, OneLine);

    /// <summary>A question's line with its LF; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(QuestionComparison question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return Line(() =>
        {
            WriteAnswers(question);
            json.WriteNumber("windows", question.Windows);
            json.WriteNumber("answer_divergence", question.AnswerDivergence);
            WriteNumbers("hidden_similarity", question.Similarity);
            WriteRows("attention_divergence", question.Divergence);
        });
    }

    /// <summary>The summary's line with its LF: one object, in the field <c>summary</c> of another; valid until the next call.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="pair">The models that it is of.</param>
    public ReadOnlySpan<byte> Of(ComparisonSummary summary, CheckpointPair pair)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(pair);
        return Line(() =>
        {
            json.WriteStartObject("summary");
            json.WriteString("before", pair.Before.Folder);
            json.WriteString("after", pair.After.Folder);
            json.WriteNumber("questions", summary.Questions);
            json.WriteNumber("windows", summary.Windows);
            json.WriteNumber("changed", summary.Changed);
            WriteScores(summary.Scores);
            json.WritePropertyName("answer_divergence");
            WriteSpread(summary.AnswerDivergence);
            json.WritePropertyName("hidden_similarity");
            WriteSpreads(summary.Similarity);
            WriteDivergence(summary.Divergence);
            WriteParameters(summary);
            WriteKept(summary);
            json.WriteEndObject();
        });
    }

    private ReadOnlySpan<byte> Line(Action writeFields)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        writeFields();
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private void WriteAnswers(QuestionComparison question)
    {
        json.WriteString("id", question.Row.Id);
        json.WriteString("question", question.Row.Question);
        json.WriteBoolean("changed", question.IsChanged);
        WriteAnswer("before", question.Before);
        WriteAnswer("after", question.After);
        if (question.Row.Answers is { } gold)
        {
            json.WriteStartArray("gold");
            foreach (var text in gold.Select(answer => answer.Text).Distinct(StringComparer.Ordinal))
                json.WriteStringValue(text);
            json.WriteEndArray();
        }
        else
            json.WriteNull("gold");
    }

    private void WriteAnswer(string name, ComparedAnswer compared)
    {
        var answer = compared.Answer;
        json.WriteStartObject(name);
        json.WriteString("answer", answer.Text);
        WriteNumber("score", answer.Score);
        json.WriteNumber("probability", answer.Probability);
        WriteNumber("null_score", answer.NullScore);
        WriteNumber("start", answer.Start);
        WriteNumber("end", answer.End);
        WriteNumber("exact", compared.Score?.Exact);
        WriteNumber("f1", compared.Score?.F1);
        json.WriteEndObject();
    }

    private void WriteScores(ComparedScores? scores)
    {
        if (scores is null)
        {
            json.WriteNull("scores");
            return;
        }
        json.WriteStartObject("scores");
        json.WriteNumber("questions", scores.Questions);
        json.WriteNumber("exact_before", scores.ExactBefore);
        json.WriteNumber("exact_after", scores.ExactAfter);
        json.WriteNumber("f1_before", scores.F1Before);
        json.WriteNumber("f1_after", scores.F1After);
        json.WriteNumber("only_before", scores.McNemar.OnlyFirst);
        json.WriteNumber("only_after", scores.McNemar.OnlySecond);
        json.WriteNumber("mcnemar_p", scores.McNemar.PValue);
        json.WriteEndObject();
    }

    private void WriteDivergence(IReadOnlyList<IReadOnlyList<Spread>> layers)
    {
        json.WriteStartArray("attention_divergence");
        foreach (var heads in layers)
            WriteSpreads(heads);
        json.WriteEndArray();
    }

    private void WriteSpreads(IReadOnlyList<Spread> spreads)
    {
        json.WriteStartArray();
        foreach (var spread in spreads)
            WriteSpread(spread);
        json.WriteEndArray();
    }

    private void WriteSpread(Spread spread)
    {
        json.WriteStartObject();
        json.WriteNumber("mean", spread.Mean);
        json.WriteNumber("low", spread.Low);
        json.WriteNumber("median", spread.Median);
        json.WriteNumber("high", spread.High);
        json.WriteEndObject();
    }

    private void WriteParameters(ComparisonSummary summary)
    {
        WriteNumber("relative_movement", summary.RelativeMovement);
        json.WriteStartArray("parameters");
        foreach (var moved in summary.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", moved.Name);
            WriteNumber("distance", moved.Distance);
            WriteNumber("relative", moved.Relative);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteKept(ComparisonSummary summary)
    {
        json.WriteStartArray("changed_answers");
        foreach (var question in summary.ChangedAnswers)
        {
            json.WriteStartObject();
            WriteAnswers(question);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteExtremes("least_similar", summary.LeastSimilar, question => question.LastSimilarity);
        WriteExtremes("attention_most", summary.AttentionMost, question => question.MeanDivergence);
        WriteExtremes("answers_most", summary.AnswersMost, question => question.AnswerDivergence);
    }

    private void WriteExtremes(string name, IReadOnlyList<QuestionComparison> questions, Func<QuestionComparison, double> figure)
    {
        json.WriteStartArray(name);
        foreach (var question in questions)
        {
            json.WriteStartObject();
            json.WriteString("id", question.Row.Id);
            json.WriteString("question", question.Row.Question);
            json.WriteNumber("value", figure(question));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteRows(string name, IReadOnlyList<double[]> rows)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartArray();
            foreach (var value in row)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private void WriteNumbers(string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    // JSON knows no infinity: a parameter that was 0 has moved by no multiple of its length.
    private void WriteNumber(string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private void WriteNumber(string name, float? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private void WriteNumber(string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    /// <summary>Frees the buffer.</summary>
    public void Dispose() => json.Dispose();
}
