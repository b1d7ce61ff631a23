using TorchSharp;
using XDistilTorch.Data;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Training.Runs;

/// <summary>A training with everything loaded and cut, ready for its first step: what it would be is known, and nothing is written.</summary>
public sealed class PreparedTraining : IDisposable
{
    private readonly List<string> notes = [];
    private readonly BertForQuestionAnswering? teacher;
    private readonly DistillationObjective? distillation;

    /// <summary>Loads the model and cuts the data.</summary>
    /// <param name="options">How.</param>
    /// <param name="train">The questions to train on, judged for training.</param>
    /// <param name="development">Questions to evaluate on, judged for evaluating; null: none.</param>
    /// <param name="replay">Old questions to mix in, judged for training; null: none.</param>
    /// <param name="stop">Looked at before every question.</param>
    /// <exception cref="XDistilException">The model cannot be loaded, model and tokenizer or teacher do not go together, or there is nothing to learn from the data.</exception>
    /// <exception cref="ArgumentException">An option is outside of its range.</exception>
    public PreparedTraining(
        TrainingRunOptions options,
        TrainingData train,
        TrainingData? development = null,
        ReplayData? replay = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        options.Check(development is not null);
        (Options, Train, Development, Replay) = (options, train, development, replay);
        Model = LoadModel();
        try
        {
            if (options.Training.FreezeLayers > Model.Config.NumHiddenLayers)
                throw new TrainingException(
                    $"{options.ModelFolder}: has {Model.Config.NumHiddenLayers} layers, of which {options.Training.FreezeLayers} are to be frozen; expected at most as many."
                );
            Tokenizer = LoadTokenizer();
            Settings = options.Settle(Model.Config.MaxPositionEmbeddings);
            Set = TrainingSet.Build(Tokenizer, Mixed(), Settings.Windows, stop);
            RefuseNothingToLearn();
            NoteWhatIsLeft();
            DevelopmentSet = development is null ? null : new DevelopmentSet(development, Tokenizer, Settings);
            (teacher, distillation) = LoadTeacher();
            Trainer = new QaTrainer(Model, Set.Windows, options.Training, distillation);
        }
        catch
        {
            distillation?.Dispose();
            teacher?.Dispose();
            Model.Dispose();
            throw;
        }
    }

    /// <summary>How it is trained.</summary>
    public TrainingRunOptions Options { get; }

    /// <summary>The questions trained on, without old ones.</summary>
    public TrainingData Train { get; }

    /// <summary>The questions evaluated on; null: none.</summary>
    public TrainingData? Development { get; }

    /// <summary>Old questions that are mixed in; null: none.</summary>
    public ReplayData? Replay { get; }

    /// <summary>The model, as it begins.</summary>
    public BertForQuestionAnswering Model { get; }

    /// <summary>Its tokenizer.</summary>
    public BertTokenizer Tokenizer { get; }

    /// <summary>How texts are cut and development questions answered.</summary>
    public AnswerSettings Settings { get; }

    /// <summary>All questions trained on, cut into windows.</summary>
    public TrainingSet Set { get; }

    /// <summary>What does the steps; knows how many there are.</summary>
    public QaTrainer Trainer { get; }

    /// <summary>What whoever trains should know: weights that are random, questions that cannot be learnt as they are.</summary>
    public IReadOnlyList<string> Notes => notes;

    internal DevelopmentSet? DevelopmentSet { get; }

    internal torch.Device Device => TorchDevice.Parse(Options.Device);

    /// <summary>Whether a step evaluates, once it is done.</summary>
    /// <param name="step">0: before the first.</param>
    public bool EvaluatesAfter(long step) =>
        Development is not null
        && (step == 0 || step == Trainer.Plan.TotalSteps || step % (Options.EvalSteps ?? Trainer.Plan.StepsPerEpoch) == 0);

    /// <summary>Whether a checkpoint is saved after a step in any case.</summary>
    public bool SavesAfter(long step) => step > 0 && (step == Trainer.Plan.TotalSteps || step % Options.SaveSteps == 0);

    internal TrainingRecord Record() =>
        new()
        {
            Options = Options.Training,
            Run = new TrainingRunSettings
            {
                Init = Options.RandomWeights ? "random" : null,
                Dropout = Options.Dropout,
                Device = Device.ToString(),
                MaxLength = Settings.MaxLength,
                Stride = Settings.Stride,
                EvalSteps = Options.EvalSteps,
                SaveSteps = Options.SaveSteps,
                SaveTotalLimit = Options.SaveTotalLimit,
                BestMetric = Options.SoughtMetric,
                EarlyStoppingPatience = Options.EarlyStoppingPatience,
                Replay = Replay?.Share,
                Distillation = distillation is null ? null : Options.Distillation,
                Dtype = Options.StoredAs.ToString().ToLowerInvariant(),
            },
            Model = SourceOf(Options.ModelFolder),
            Teacher = Options.TeacherFolder is { } folder ? SourceOf(folder) : null,
            TrainData = SourceOf(Train),
            DevData = Development is null ? null : SourceOf(Development),
            ReplayData = Replay is null ? null : SourceOf(Replay.Data),
            Threads = torch.get_num_threads(),
        };

    /// <summary>The name of a model folder.</summary>
    internal static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static HashedSource SourceOf(string modelFolder) => new(NameOf(modelFolder), FileHash.OfModel(modelFolder));

    private static HashedSource SourceOf(TrainingData data) => new(data.FileName, data.Sha256);

    private BertForQuestionAnswering LoadModel()
    {
        var model = TrainableModel.Load(
            Options.ModelFolder,
            new TrainableModelOptions
            {
                Device = Options.Device,
                Dropout = Options.Dropout,
                Random = Options.RandomWeights,
                Seed = Options.Training.Seed,
            },
            out var loaded
        );
        if (loaded is null)
            notes.Add(
                FormattableString.Invariant(
                    $"all weights are random, by seed {Options.Training.Seed}; {Options.ModelFolder} gave config and vocabulary."
                )
            );
        else if (loaded.Missing.Count > 0)
            notes.Add(
                FormattableString.Invariant(
                    $"{Options.ModelFolder} has no question-answering head: {string.Join(", ", loaded.Missing)} begin random, by seed {Options.Training.Seed}."
                )
            );
        return model;
    }

    private BertTokenizer LoadTokenizer()
    {
        var tokenizer = BertTokenizer.FromPretrained(Options.ModelFolder);
        PretrainedModel.CheckVocabulary(Options.ModelFolder, tokenizer, Model.Config);
        return tokenizer;
    }

    private static void RefuseWithoutAnswers(TrainingData data)
    {
        if (data.Rows.Count == 0)
            throw new DataException($"{data.Name}: holds no question to train on.");
        var silent = data.Rows.Where(row => row.Answers is null).ToList();
        if (silent.Count > 0)
            throw new DataException(
                FormattableString.Invariant(
                    $"{data.Name}: {silent.Count:N0} of {data.Rows.Count:N0} questions come without \"answers\" ({Some(silent)}); "
                ) + "training needs the right answer of each, an empty list where the text has none."
            );
    }

    private List<QuestionRow> Mixed()
    {
        RefuseWithoutAnswers(Train);
        List<QuestionRow> rows = [.. Train.Rows];
        if (Replay is null)
            return rows;
        RefuseWithoutAnswers(Replay.Data);
        rows.AddRange(Replay.Draw(Train.Rows.Count, Options.Training.Seed));
        var (old, wanted) = (rows.Count - Train.Rows.Count, Replay.Wanted(Train.Rows.Count));
        notes.Add(
            FormattableString.Invariant($"{old:N0} old questions of {Replay.Data.Name} are mixed in")
                + (old < wanted ? FormattableString.Invariant($", all it has; a share of {Replay.Share} would take {wanted:N0}.") : ".")
        );
        return rows;
    }

    // A model that only ever sees "no answer" learns to say nothing else.
    private void RefuseNothingToLearn()
    {
        if (Set.WindowsWithAnswer > 0)
            return;
        var why =
            Set.Windows.Count == 0 ? $"none of {Set.Rows.Count} questions can be cut into windows: {Set.LeftOut[0].Reason}"
            : Set.NotFitting.Count > 0
                ? $"none of {Set.NotFitting.Count} answers fits into a window of {Settings.MaxLength} tokens; give a longer --max-length or a larger --stride"
            : $"none of {Set.Rows.Count} questions has an answer; training needs some that have";
        throw new DataException($"{Train.Name}: there is nothing to learn: {why}.");
    }

    private void NoteWhatIsLeft()
    {
        if (Set.NotFitting.Count > 0)
            notes.Add(
                FormattableString.Invariant(
                    $"{Set.NotFitting.Count:N0} questions have an answer that no window holds as a whole; they are trained as without one ({Some(Set.NotFitting)})."
                )
            );
        if (Set.LeftOut.Count > 0)
            notes.Add(
                FormattableString.Invariant(
                    $"{Set.LeftOut.Count:N0} questions are left out ({Some([.. Set.LeftOut.Select(left => left.Row)])}); the first: {Set.LeftOut[0].Reason}"
                )
            );
    }

    private static string Some(IReadOnlyList<QuestionRow> rows) =>
        string.Join(", ", rows.Take(5).Select(row => row.Id)) + (rows.Count > 5 ? ", ..." : "");

    private (BertForQuestionAnswering?, DistillationObjective?) LoadTeacher()
    {
        if (Options.TeacherFolder is not { } folder)
            return (null, null);
        var loaded = BertForQuestionAnswering.FromPretrained(folder, new LoadingOptions { Device = Options.Device });
        try
        {
            if (!SameVocabulary(BertTokenizer.FromPretrained(folder).Vocabulary, Tokenizer.Vocabulary))
                throw new TrainingException(
                    $"{folder}: the teacher's vocabulary is another one than that of {Options.ModelFolder}; expected the same, since both read the same ids."
                );
            if (loaded.Config.MaxPositionEmbeddings < Settings.MaxLength || loaded.Config.TypeVocabSize < 2)
                throw new TrainingException(
                    $"{folder}: the teacher has {loaded.Config.MaxPositionEmbeddings} positions and {loaded.Config.TypeVocabSize} token types, the windows have "
                        + $"{Settings.MaxLength} tokens of 2 types. Give a --max-length that both models have positions for."
                );
            return (loaded, new DistillationObjective(Model, loaded, Options.Distillation, Options.Training.Seed));
        }
        catch (ArgumentException e)
        {
            loaded.Dispose();
            throw new TrainingException($"{folder}: cannot be the teacher of {Options.ModelFolder}: {e.Message}", e);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private static bool SameVocabulary(WordPieceVocabulary one, WordPieceVocabulary other) =>
        one.Count == other.Count && Enumerable.Range(0, one.Count).All(id => one[id] == other[id]);

    /// <summary>Frees the model, the teacher and the trainer.</summary>
    public void Dispose()
    {
        Trainer.Dispose();
        distillation?.Dispose();
        teacher?.Dispose();
        Model.Dispose();
    }
}
