using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Modeling;
using XDistilTorch.Training;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Tests.Training.Runs;

/// <summary>Alone: dropout takes torch's own generator, which belongs to the whole process.</summary>
[Collection(nameof(QaTrainerTests))]
public sealed class TrainingRunTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private static readonly TrainingData Train = new("train.jsonl", "1", TrainingRows.Of(24)),
        Development = new("dev.jsonl", "2", TrainingRows.Of(10, seed: 2));

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-run-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(params string[] names) => Path.Combine([folder, .. names]);

    private TrainingRunOptions Options =>
        new()
        {
            ModelFolder = model.Path,
            Training = new TrainingOptions
            {
                LearningRate = 1e-2,
                NumTrainEpochs = 2,
                PerDeviceTrainBatchSize = 4,
            },
            Dropout = 0.1,
            EvalSteps = 4,
            SaveSteps = 3,
        };

    private PreparedTraining Prepared(TrainingRunOptions? options = null, TrainingData? train = null, ReplayData? replay = null) =>
        new(options ?? Options, train ?? Train, Development, replay, TestContext.Current.CancellationToken);

    private TrainingOutcome Run(
        string output,
        TrainingRunOptions? options = null,
        bool resume = false,
        IProgress<TrainingProgress>? progress = null
    )
    {
        using var prepared = Prepared(options);
        using var run = TrainingRun.Open(prepared, At(output), resume);
        return run.Run(progress, stop: TestContext.Current.CancellationToken);
    }

    /// <summary>Ends the process, as it were, at some report.</summary>
    private sealed class Crash(int after) : IProgress<TrainingProgress>
    {
        private int reports;

        public void Report(TrainingProgress value)
        {
            if (++reports == after)
                throw new InvalidOperationException("crash");
        }
    }

    private static IEnumerable<string> WithoutTimes(string log) =>
        File.ReadLines(log).Select(line => line[..line.IndexOf(",\"seconds\"", StringComparison.Ordinal)]);

    [Fact]
    public void A_training_gives_a_model_folder_that_loads_and_answers_better()
    {
        var outcome = Run("out", Options with { Training = Options.Training with { NumTrainEpochs = 10 } });

        outcome.Steps.Should().HaveCount(60);
        outcome.Evaluations.Select(evaluation => evaluation.Step).Should().Equal(Enumerable.Range(0, 16).Select(i => 4L * i));
        outcome.Evaluations[^1].Loss.Should().BeLessThan(outcome.Evaluations[0].Loss);
        outcome.Evaluations[^1].F1.Should().BeGreaterThan(outcome.Evaluations[0].F1);
        outcome.Comparison!.F1.Mean.Should().BeApproximately(outcome.Evaluations[^1].F1 - outcome.Evaluations[0].F1, 1e-9);
        outcome.Changed.Should().NotBeEmpty().And.OnlyContain(change => change.Before != change.After);
        using var answerer = QuestionAnswerer.FromPretrained(At("out"));
        var row = Development.Rows[0];
        answerer
            .Answer(row.Question, row.Context)
            .Text.Should()
            .Be(PredictionSet.Read(At("out", "dev_predictions.json")).Find(row.Id)!.Text);
        Directory.GetFiles(At("out")).Select(Path.GetFileName).Should().NotContain("training.partial.json").And.Contain("training.json");
    }

    [Fact]
    public void A_training_that_ended_at_any_moment_goes_on_to_the_same_bits()
    {
        Run("whole");
        var files = Directory
            .GetFiles(At("whole"), "*.safetensors", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(At("whole"), path))
            .ToList();
        files.Should().Contain(Path.Combine("checkpoint-12", "optimizer.safetensors"));

        for (var after = 1; ; after++)
        {
            var crash = new Crash(after);
            if (Ends(() => Run($"o{after}", progress: crash)))
                break;

            Run($"o{after}", resume: true);

            foreach (var file in files)
                File.ReadAllBytes(At($"o{after}", file))
                    .AsSpan()
                    .SequenceEqual(File.ReadAllBytes(At("whole", file)))
                    .Should()
                    .BeTrue($"{file}, crash {after}");
            WithoutTimes(At($"o{after}", "training_log.jsonl")).Should().Equal(WithoutTimes(At("whole", "training_log.jsonl")));
            File.ReadAllText(At($"o{after}", "training.json")).Should().Be(File.ReadAllText(At("whole", "training.json")));
            Directory.Delete(At($"o{after}"), recursive: true);
        }
    }

    private static bool Ends(Action run)
    {
        try
        {
            run();
            return true;
        }
        catch (InvalidOperationException e) when (e.Message == "crash")
        {
            return false;
        }
    }

    [Fact]
    public void Stopping_leaves_a_checkpoint_to_go_on_from()
    {
        using var stop = new CancellationTokenSource();
        using (var prepared = Prepared())
        using (var run = TrainingRun.Open(prepared, At("out")))
            FluentActions.Invoking(() => run.Run(new StopAfter(5, stop), stop: stop.Token)).Should().Throw<OperationCanceledException>();

        Directory
            .GetDirectories(At("out"), "checkpoint-*")
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo("checkpoint-3", "checkpoint-5");
        using (var prepared = Prepared())
        using (var run = TrainingRun.Open(prepared, At("out"), resume: true))
            run.StepsBefore.Should().Be(5);
    }

    private sealed class StopAfter(long step, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.StepsDone == step)
                source.Cancel();
        }
    }

    [Fact]
    public void The_best_evaluation_gives_the_weights_and_patience_ends_the_training()
    {
        // The rate is far too high, so that it gets worse somewhere.
        var options = Options with
        {
            Training = Options.Training with { LearningRate = 0.3, LrSchedulerType = SchedulerType.Constant, NumTrainEpochs = 20 },
            EvalSteps = 2,
            BestMetric = BestMetric.Loss,
            EarlyStoppingPatience = 3,
            SaveTotalLimit = 1,
        };

        var outcome = Run("out", options);

        var losses = outcome.Evaluations.Skip(1).ToList();
        var best = losses.MinBy(evaluation => evaluation.Loss)!;
        outcome.KeptStep.Should().Be(best.Step);
        losses.TakeLast(3).Should().NotContain(best, "three evaluations came after it");
        losses[^4].Should().Be(best);
        outcome.Steps.Count.Should().BeLessThan(120);
        Directory
            .GetDirectories(At("out"), "checkpoint-*")
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo($"checkpoint-{best.Step}", $"checkpoint-{outcome.Steps.Count}");
        File.ReadAllBytes(At("out", "model.safetensors"))
            .Should()
            .Equal(File.ReadAllBytes(At("out", $"checkpoint-{best.Step}", "model.safetensors")));
    }

    [Fact]
    public void Another_training_does_not_go_on_in_its_folder()
    {
        Run("out");

        void Refused(string message, TrainingRunOptions options, TrainingData? train = null, bool resume = true)
        {
            using var prepared = Prepared(options, train);
            FluentActions
                .Invoking(() => TrainingRun.Open(prepared, At("out"), resume))
                .Should()
                .Throw<TrainingException>()
                .WithMessage(message);
        }
        Refused("*holds a training already*--resume*", Options, resume: false);
        Refused(
            "*is of another training: learning_rate was 0.01, is 0.02*",
            Options with
            {
                Training = Options.Training with { LearningRate = 0.02 },
            }
        );
        Refused("*max_length was 64, is 48*", Options with { MaxLength = 48 });
        Refused("*the SHA-256 of the train data was \"1\", is \"3\"*", Options, Train with { Sha256 = "3" });

        using var same = Prepared(Options with { SaveTotalLimit = 7 });
        using (var run = TrainingRun.Open(same, At("out"), resume: true))
            run.IsFinished.Should().BeTrue();
        File.AppendAllText(At("out", "vocab.txt"), "more\n");
        FluentActions
            .Invoking(() => TrainingRun.Open(same, At("out"), resume: true))
            .Should()
            .Throw<TrainingException>()
            .WithMessage("*vocab.txt: is not what the training wrote*");
    }

    [Fact]
    public void A_folder_that_is_used_otherwise_is_not_touched()
    {
        using var prepared = Prepared();
        File.WriteAllText(At("file"), "");
        FluentActions.Invoking(() => TrainingRun.Open(prepared, At("file"))).Should().Throw<TrainingException>().WithMessage("*is a file*");
        Directory.CreateDirectory(At("other"));
        File.WriteAllText(At("other", "thesis.txt"), "");
        FluentActions
            .Invoking(() => TrainingRun.Open(prepared, At("other"), resume: true))
            .Should()
            .Throw<TrainingException>()
            .WithMessage("*is not empty (thesis.txt)*");

        using var first = TrainingRun.Open(prepared, At("out"));
        FluentActions
            .Invoking(() => TrainingRun.Open(prepared, At("out"), resume: true))
            .Should()
            .Throw<TrainingException>()
            .WithMessage("*another process trains into it*");
    }

    [Fact]
    public void Ruined_weights_end_it_and_the_last_good_checkpoint_stays()
    {
        // The first step has rate 0 and changes nothing, the second ruins the weights.
        var options = Options with
        {
            Training = Options.Training with { LearningRate = 1e30, MaxGradNorm = 0, WarmupSteps = 3 },
            SaveSteps = 1,
            SaveTotalLimit = 1,
        };

        FluentActions
            .Invoking(() => Run("out", options))
            .Should()
            .Throw<TrainingException>()
            .WithMessage(
                "step 2 of 12 has ruined the weights: *Questions: \"t1-*. The last good checkpoint is *checkpoint-1: train on from it as --model*"
            );

        Directory.GetDirectories(At("out"), "checkpoint-*").Select(Path.GetFileName).Should().Equal("checkpoint-1");
        using var good = QuestionAnswerer.FromPretrained(At("out", "checkpoint-1"));
        good.Answer("who?", "osei").Should().NotBeNull();
        File.Exists(At("out", "model.safetensors")).Should().BeFalse();
    }

    [Fact]
    public void Weights_too_large_for_their_stored_type_may_be_stored_in_another()
    {
        var options = Options with
        {
            Training = Options.Training with { LearningRate = 1e5, NumTrainEpochs = 1 },
            StoredAs = TorchSharp.torch.ScalarType.Float16,
        };
        FluentActions
            .Invoking(() => Run("out", options))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage("*cannot be stored as Float16*");
        File.Exists(At("out", "README.md")).Should().BeFalse("there is no model for it yet");

        Run("out", options with { StoredAs = TorchSharp.torch.ScalarType.BFloat16 }, resume: true);

        BertConfig.FromFile(At("out", "config.json")).DType.Should().Be("bfloat16");
        BertConfig.FromFile(At("out", "checkpoint-6", "config.json")).DType.Should().Be("float32");
    }

    [Fact]
    public void A_folder_in_which_a_process_was_killed_at_its_very_beginning_is_begun_anew()
    {
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(At("out", ".training.lock"), "");
        File.WriteAllText(At("out", "training.partial.json.tmp"), "{");

        Run("out", Options with { Training = Options.Training with { MaxSteps = 1 } });

        File.Exists(At("out", "training.json")).Should().BeTrue();
    }

    [Fact]
    public void There_must_be_something_to_learn()
    {
        void Refused(string message, TrainingRunOptions options, params IReadOnlyList<QuestionRow> rows) =>
            FluentActions
                .Invoking(() => Prepared(options, Train with { Rows = rows }))
                .Should()
                .Throw<DataException>()
                .WithMessage(message);

        Refused("train.jsonl: holds no question*", Options);
        Refused("*none of 5 questions has an answer*", Options, TrainingRows.Of(5, withoutAnswers: true));
        Refused(
            "*none of 1 answers fits into a window of 12 tokens*",
            Options with
            {
                MaxLength = 12,
                Stride = 0,
            },
            AnsweredByAll(TrainingRows.Of(1)[0])
        );
        Refused("*none of 1 questions can be cut into windows*", Options, TrainingRows.Of(1)[0] with { Question = " " });
    }

    private static QuestionRow AnsweredByAll(QuestionRow row) =>
        row with
        {
            Answers = [GoldAnswer.Of(row.Context, new TextSpan(0, row.Context.Length))],
        };

    [Fact]
    public void Old_questions_are_drawn_by_the_seed()
    {
        var old = new ReplayData(new TrainingData("old.jsonl", "3", TrainingRows.Of(50, seed: 9)), 0.25);

        using var prepared = Prepared(replay: old);
        using var again = Prepared(replay: old);
        using var other = Prepared(Options with { Training = Options.Training with { Seed = 1 } }, replay: old);

        prepared.Set.Rows.Should().HaveCount(32, "24 are three quarters");
        prepared.Set.Rows.Skip(24).Select(row => row.Id).Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.StartsWith("t9-"));
        again.Set.Rows.Select(row => row.Id).Should().Equal(prepared.Set.Rows.Select(row => row.Id));
        other.Set.Rows.Select(row => row.Id).Should().NotEqual(prepared.Set.Rows.Select(row => row.Id));
        using var few = Prepared(replay: old with { Share = 0.9 });
        few.Set.Rows.Should().HaveCount(74);
        few.Notes.Should().ContainMatch("50 old questions of old.jsonl are mixed in, all it has; a share of 0.9 would take 216.");
    }

    [Fact]
    public void A_teacher_is_learnt_from_and_goes_on_too()
    {
        var options = Options with { TeacherFolder = model.Path };
        Run("whole", options);

        FluentActions.Invoking(() => Run("out", options, progress: new Crash(8))).Should().Throw<InvalidOperationException>();
        Run("out", options, resume: true);

        File.ReadAllBytes(At("out", "model.safetensors")).Should().Equal(File.ReadAllBytes(At("whole", "model.safetensors")));
        JsonDocument
            .Parse(File.ReadAllText(At("out", "training.json")))
            .RootElement.GetProperty("run")
            .GetProperty("distillation")
            .GetProperty("layers")
            .GetInt32()
            .Should()
            .Be(2);
    }

    [Fact]
    public void Questions_that_were_not_trained_as_they_are_are_listed()
    {
        var rows = TrainingRows.Of(8);
        rows[2] = rows[2] with { Question = "\u200b" };
        rows[0] = AnsweredByAll(rows[0]);
        using var prepared = Prepared(Options with { MaxLength = 16, Stride = 4 }, Train with { Rows = rows });
        using var run = TrainingRun.Open(prepared, At("out"));
        run.Run(stop: TestContext.Current.CancellationToken);

        prepared
            .Notes.Should()
            .ContainMatch("1 questions have an answer that no window holds*t1-0*")
            .And.ContainMatch("1 questions are left out (t1-2)*");
        File.ReadAllLines(At("out", "not_trained.jsonl"))
            .Should()
            .HaveCount(2)
            .And.ContainMatch("*t1-0*no window holds*")
            .And.ContainMatch("*t1-2*blank*");
    }
}
