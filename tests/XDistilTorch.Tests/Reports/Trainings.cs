using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Training;

namespace XDistilTorch.Tests.Reports;

/// <summary>Trainings that never were, for pages about them.</summary>
internal static class Trainings
{
    private const string Context =
        "The mill at Arden was rebuilt twice. An oak beside it, planted in 1904 by the miller's daughter Ilse Brandt, survived both fires, "
        + "and the village council has met below it every first Sunday since. A bench of the oak's own wood was put up in 1962, after a storm had taken "
        + "one of its arms; the carver, Tomas Reyl, left his mark on the lower board. The stream was led around the mill in 1978 and dried up ten years later.";

    /// <summary>A training whose loss falls and whose scores rise, with noise that is always the same.</summary>
    public static TrainingOutcome Of(int steps, int evaluations = 9, int changed = 60, string? text = null)
    {
        var random = new Random(7);
        var every = Math.Max(1, steps / Math.Max(1, evaluations - 1));
        var evaluated = Enumerable
            .Range(0, evaluations)
            .Select(i => Evaluation(i * every, (double)i / Math.Max(1, evaluations - 1)))
            .ToArray();
        return new TrainingOutcome
        {
            Name = text ?? "e5-small-arden",
            BaseModel = text ?? "e5-small-v2-squad2",
            TrainFile = text ?? "arden-train.jsonl",
            DevFile = evaluations > 0 ? text ?? "arden-dev.jsonl" : null,
            Options = new TrainingOptions { WarmupRatio = 0.1, NumTrainEpochs = 2 },
            Settings = [new("max_length", "384"), new("dropout", "0.1"), new("teacher", text ?? "bert-large")],
            Questions = 8 * steps / 3,
            Windows = 4 * steps,
            WindowsWithAnswer = 3 * steps,
            Parameters = 33_212_162,
            TrainedParameters = 21_294_722,
            Steps = [.. Enumerable.Range(1, steps).Select(i => Step(i, steps, random))],
            Evaluations = evaluated,
            KeptStep = evaluated is [.., var next, _] ? next.Step : steps,
            Comparison = evaluations > 0 ? Comparison() : null,
            Changed = [.. Enumerable.Range(0, changed).Select(i => Changed(i, text))],
        };
    }

    private static TrainingStep Step(int i, int steps, Random random)
    {
        var part = (double)i / steps;
        var noise = random.NextDouble();
        return new(
            i,
            2 * part,
            0.6 + (4 * Math.Exp(-8 * part)) + (1.6 * (noise - 0.5) * Math.Exp(-part)),
            5e-5 * Math.Min(10 * part, (1 - part) / 0.9),
            0.4 + (3 * noise * noise) + (12 * Math.Exp(-20 * part)),
            3_000 + i % 72
        );
    }

    private static TrainingEvaluation Evaluation(long step, double part) =>
        new(
            step,
            2 * part,
            1.1 + (3 * Math.Exp(-6 * part)) + (0.3 * part),
            71 - (29 * Math.Exp(-5 * part)),
            78 - (30 * Math.Exp(-5 * part)),
            1_200
        );

    private static PairedComparison Comparison()
    {
        QuestionScore Score(int i, bool after) =>
            new($"q{i}", true, i % 10 < (after ? 7 : 4) ? 1 : 0, (i % 10 < (after ? 7 : 4) ? 1 : 0) * (i % 3 == 0 ? 1 : 0.9));
        QuestionScore[] Scores(bool after) => [.. Enumerable.Range(0, 1_200).Select(i => Score(i, after))];
        return PairedComparison.Of(Scores(false), Scores(true));
    }

    private static ChangedAnswer Changed(int i, string? text)
    {
        var gold = i % 5 == 4 ? "" : text ?? "Ilse Brandt";
        var (before, after) = (i % 4) switch
        {
            0 or 1 => (text ?? "the village council", gold),
            2 => (gold, text ?? "Tomas Reyl"),
            _ => (text ?? "the miller", text ?? "the miller's daughter Ilse Brandt"),
        };
        var context = text is null ? Context : $"{text} {text}";
        var at = context.IndexOf(gold, StringComparison.Ordinal);
        var row = new QuestionRow
        {
            Id = text ?? $"arden-{i}",
            Question = text ?? "Who planted the oak by the mill?",
            Context = context,
            Answers = gold.Length == 0 ? [] : [new GoldAnswer(gold, at, new TextSpan(at, at + gold.Length))],
        };
        QuestionScore Score(string answer) =>
            new(
                row.Id,
                gold.Length > 0,
                answer == gold ? 1 : 0,
                answer == gold ? 1
                    : answer.Length > 20 ? 0.5
                    : 0
            );
        return new(row, before, after, Score(before), Score(after));
    }
}
