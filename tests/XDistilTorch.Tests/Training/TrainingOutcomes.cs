using XDistilTorch.Evaluation;
using XDistilTorch.Training;

namespace XDistilTorch.Tests.Training;

/// <summary>Trainings that are over, as examples.</summary>
internal static class TrainingOutcomes
{
    /// <summary>With development questions; the best of three evaluations is kept, not the last.</summary>
    public static TrainingOutcome Evaluated() =>
        new()
        {
            Name = "clock-answers",
            BaseModel = "small-encoder",
            TrainFile = "clocks.jsonl",
            DevFile = "clocks-dev.jsonl",
            Options = new TrainingOptions { LearningRate = 1e-4, WarmupRatio = 0.1 },
            Settings = [new("max_length", "128"), new("dropout", "0")],
            Questions = 1200,
            Windows = 1300,
            WindowsWithAnswer = 900,
            Parameters = 23426,
            TrainedParameters = 20000,
            Steps = [new(1, 0.01, 4.4, 1e-5, 2, 1000), new(450, 3, 0.5, 0, 1, 1000)],
            Evaluations = [new(0, 0, 4.5, 11, 20, 400), new(300, 2, 1.25, 61.5, 70.25, 400), new(450, 3, 1.5, 60, 69, 400)],
            KeptStep = 300,
            Comparison = new PairedComparison
            {
                Total = 400,
                Exact = new BootstrapInterval(50.5, 45.25, 55.75, 0.95),
                ExactPValue = 0.002,
                F1 = new BootstrapInterval(50.25, -1, 60, 0.95),
                F1PValue = 0.06,
                McNemar = McNemarTest.Of(3, 205),
            },
            Changed = [],
        };
}
