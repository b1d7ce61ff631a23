using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Inspection.OverData;

/// <summary>Of which part a distribution is: a figure, and the method, group, layer and head that its values are of.</summary>
public sealed record FigureKey(string Figure, string? Method, string? Group, int? Layer, int? Head)
{
    /// <summary>The key of a value; null for one of a single token, which no two questions share.</summary>
    public static FigureKey? Of(MeasuredValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Token is null ? new FigureKey(value.Figure, value.Method, value.Group, value.Layer, value.Head) : null;
    }
}

/// <summary>A question at the end of a distribution.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Row">The question as the data have it.</param>
/// <param name="Answer">The model's answer.</param>
public sealed record MeasureExample(double Value, QuestionRow Row, Answer Answer);

/// <summary>The questions for which a figure is least and greatest.</summary>
/// <param name="Key">The figure.</param>
/// <param name="Least">The least first.</param>
/// <param name="Greatest">The greatest first; no question stands on both sides.</param>
public sealed record MeasureExtremes(FigureKey Key, IReadOnlyList<MeasureExample> Least, IReadOnlyList<MeasureExample> Greatest);

/// <summary>What a measure gives over many questions: distributions and examples, in memory that does not grow with their number. For one thread.</summary>
/// <param name="description">The measure.</param>
public sealed class MeasureSummary(MeasureDescription description)
{
    private const int MostExamples = 3;

    private readonly Dictionary<FigureKey, Distribution> figures = [];
    private readonly Dictionary<FigureKey, List<MeasureExample>> examples = [];
    private readonly SortedDictionary<string, long> errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FigureDescription> reported = description.Figures.ToDictionary(figure => figure.Figure);

    /// <summary>The measure.</summary>
    public MeasureDescription Description { get; } = description;

    /// <summary>Questions that were measured.</summary>
    public long Questions { get; private set; }

    /// <summary>Those of them that the model gives no answer.</summary>
    public long WithoutAnswer { get; private set; }

    /// <summary>Rows that were not measured, by the code of their error.</summary>
    public IReadOnlyDictionary<string, long> Errors => errors;

    /// <summary>Every distribution; no promise about their order.</summary>
    public IReadOnlyDictionary<FigureKey, Distribution> Figures => figures;

    /// <summary>The examples, figure by figure.</summary>
    public IReadOnlyList<MeasureExtremes> Extremes =>
        [
            .. examples.Select(pair =>
            {
                var fromLeast = pair.Value;
                var least = fromLeast.Take(Math.Min(MostExamples, fromLeast.Count / 2 + fromLeast.Count % 2)).ToList();
                return new MeasureExtremes(pair.Key, least, [.. fromLeast.Skip(least.Count).Reverse().Take(MostExamples)]);
            }),
        ];

    /// <summary>Takes a row that was measured into account.</summary>
    /// <param name="row">The row with its answer.</param>
    /// <param name="values">What the measure gave.</param>
    public void Add(RowPrediction row, IEnumerable<MeasuredValue> values)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(values);
        Questions++;
        if (!row.Answer!.HasAnswer)
            WithoutAnswer++;
        foreach (var value in values)
        {
            if (!reported.TryGetValue(value.Figure, out var described) || FigureKey.Of(value) is not { } key)
                continue;
            if (!figures.TryGetValue(key, out var figure))
                figures[key] = figure = new Distribution();
            figure.Add(value.Value);
            if (described.HasExamples && value is { Layer: null, Head: null } && (described.ExamplesOf ?? value.Group) == value.Group)
                Keep(key, new MeasureExample(value.Value, row.Row!, row.Answer));
        }
    }

    /// <summary>Takes a row that was not measured into account.</summary>
    public void Add(RowError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        errors[error.Code] = errors.GetValueOrDefault(error.Code) + 1;
    }

    // The least and the greatest, ascending; of equals the earlier question.
    private void Keep(FigureKey key, MeasureExample example)
    {
        if (!examples.TryGetValue(key, out var kept))
            examples[key] = kept = [];
        var at = kept.FindIndex(other => other.Value > example.Value);
        kept.Insert(at < 0 ? kept.Count : at, example);
        if (kept.Count > 2 * MostExamples)
            kept.RemoveAt(MostExamples);
    }
}
