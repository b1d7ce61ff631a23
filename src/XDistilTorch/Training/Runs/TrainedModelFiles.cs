using System.Text;
using System.Text.Json;
using XDistilTorch.Evaluation;
using XDistilTorch.Prediction;

namespace XDistilTorch.Training.Runs;

/// <summary>The end of a training: what is told of it, and the files of the trained model.</summary>
internal static class TrainedModelFiles
{
    // The card is not among them: its author goes on with it.
    private static readonly string[] ModelFiles =
    [
        "config.json",
        "model.safetensors",
        "vocab.txt",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
    ];

    public static TrainingOutcome Outcome(
        PreparedTraining prepared,
        string output,
        TrainingLog log,
        long kept,
        EvaluationReport? before,
        DevelopmentScore? after
    )
    {
        var (options, set) = (prepared.Options, prepared.Set);
        return new TrainingOutcome
        {
            Name = PreparedTraining.NameOf(output),
            BaseModel = options.RandomWeights ? null : PreparedTraining.NameOf(options.ModelFolder),
            TrainFile = prepared.Train.FileName,
            DevFile = prepared.Development?.FileName,
            Options = options.Training,
            Settings = [.. Settings(prepared)],
            Questions = set.Rows.Count - set.LeftOut.Count,
            Windows = set.Windows.Count,
            WindowsWithAnswer = set.WindowsWithAnswer,
            Parameters = prepared.Model.parameters().Sum(parameter => parameter.numel()),
            TrainedParameters = prepared.Trainer.TrainedParameters,
            Steps = log.Steps,
            Evaluations = log.Evaluations,
            KeptStep = kept,
            Comparison = before is null
                ? null
                : PairedComparison.Of([.. before.Questions.Select(q => q.Score)], [.. after!.Report.Questions.Select(q => q.Score)]),
            Changed = before is null ? [] : [.. Changes(before, after!.Report)],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(PreparedTraining prepared)
    {
        var options = prepared.Options;
        (string Name, object? Value)[] settings =
        [
            ("max_length", prepared.Settings.MaxLength),
            ("stride", prepared.Settings.Stride),
            ("dropout", options.Dropout),
            ("best_metric", options.SoughtMetric?.ToString().ToLowerInvariant()),
            ("early_stopping_patience", options.EarlyStoppingPatience),
            ("replay", prepared.Replay is { } replay ? FormattableString.Invariant($"{replay.Data.FileName}:{replay.Share}") : null),
            ("teacher", options.TeacherFolder is { } teacher ? PreparedTraining.NameOf(teacher) : null),
            ("dtype", options.StoredAs.ToString().ToLowerInvariant()),
        ];
        foreach (var (name, value) in settings)
            if (value is not null)
                yield return KeyValuePair.Create(name, FormattableString.Invariant($"{value}"));
    }

    private static IEnumerable<ChangedAnswer> Changes(EvaluationReport before, EvaluationReport after) =>
        before
            .Questions.Zip(
                after.Questions,
                (was, now) => new ChangedAnswer(was.Row, was.Prediction ?? "", now.Prediction ?? "", was.Score, now.Score)
            )
            .Where(change => change.Before != change.After)
            .OrderByDescending(change => Math.Abs(change.ScoreAfter.F1 - change.ScoreBefore.F1)); // a stable sort

    /// <summary>Writes the model and what belongs to it.</summary>
    public static IReadOnlyList<WrittenFile> Write(
        PreparedTraining prepared,
        TrainingFolder folder,
        TrainingOutcome outcome,
        DevelopmentScore? after
    )
    {
        if (after is not null)
            DevelopmentAnswers.Write(folder.Answers, after.Answers);
        WriteNotTrained(folder.NotTrained, prepared.Set);
        prepared.Model.SavePretrained(folder.Path, prepared.Tokenizer, new SavingOptions { DType = prepared.Options.StoredAs });
        using (var card = new HashedFile(folder.Card))
        {
            card.Write(Encoding.UTF8.GetBytes(ModelCard.Render(outcome)));
            card.Finish();
        }
        return
        [
            .. ModelFiles.Select(name => new WrittenFile(name, new FileInfo(folder.At(name)).Length, FileHash.OfFile(folder.At(name)))),
        ];
    }

    public static TrainingResult Result(PreparedTraining prepared, TrainingOutcome outcome, IReadOnlyList<WrittenFile> files) =>
        new()
        {
            Questions = outcome.Questions,
            Windows = outcome.Windows,
            WindowsWithAnswer = outcome.WindowsWithAnswer,
            NotFitting = prepared.Set.NotFitting.Count,
            LeftOut = prepared.Set.LeftOut.Count,
            Parameters = outcome.Parameters,
            TrainedParameters = outcome.TrainedParameters,
            Steps = outcome.Steps.Count,
            KeptStep = outcome.KeptStep,
            TrainLoss = outcome.Steps.Average(step => step.Loss),
            Evaluations = outcome.Evaluations,
            ExactDifference = outcome.Comparison?.Exact,
            F1Difference = outcome.Comparison?.F1,
            Files = files,
        };

    // Questions that were left out or trained as without their answer, one a line; no file where there is none.
    private static void WriteNotTrained(string path, TrainingSet set)
    {
        const string NotFitting = "no window holds the answer as a whole; trained as without one";
        var rows = set.NotFitting.Select(row => (Row: row, Reason: NotFitting)).Concat(set.LeftOut).ToList();
        if (rows.Count == 0)
            return;
        using var file = new HashedFile(path);
        foreach (var (row, reason) in rows)
        {
            using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = ReadableJsonEncoder.Instance }))
            {
                json.WriteStartObject();
                json.WriteString("id", row.Id);
                json.WriteString("place", row.Place.ToString());
                json.WriteString("reason", reason);
                json.WriteEndObject();
            }
            file.Write("\n"u8);
        }
        file.Finish();
    }
}
