using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using TorchSharp.Modules;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>
/// Trains a model step by step. Knows no files and no console: whoever enumerates the steps evaluates, saves and reports between them.
/// <code>
/// using var model = BertForQuestionAnswering.FromPretrained(folder);
/// var data = TrainingSet.Build(BertTokenizer.FromPretrained(folder), rows, WindowOptions.Default);
/// using var trainer = new QaTrainer(model, data.Windows, new TrainingOptions { NumTrainEpochs = 1 });
/// foreach (var step in trainer.Run())
///     Console.WriteLine($"{step.Step} of {trainer.Plan.TotalSteps}: {step.Loss:0.000}");
/// </code>
/// </summary>
/// <remarks>
/// Everything random follows from the seed and the step's number, so that the same steps give the same bits on the same machine with the same number of torch
/// threads, also when a run was interrupted. For that each step sets torch's own seed, which is the whole process's. For one thread; the model must not be used by
/// others during a step.
/// </remarks>
public sealed class QaTrainer : IDisposable
{
    private readonly BertForQuestionAnswering model;
    private readonly IReadOnlyList<TrainingWindow> windows;
    private readonly ITrainingObjective objective;
    private readonly List<(string Name, Parameter Parameter)> trained;
    private readonly IReadOnlyList<Parameter> frozen;
    private readonly Lazy<string> windowsSha256; // of some hundred MB: once, not at every checkpoint

    /// <summary>Prepares a training.</summary>
    /// <param name="model">What is trained; stays the caller's. Parts that want no gradient stay as they are; those that the options freeze want none until the trainer is disposed.</param>
    /// <param name="windows">What it is trained on; at least one.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="objective">Which loss; null: <see cref="QuestionAnsweringObjective"/>.</param>
    /// <param name="optimizer">Makes the optimizer from the parameters that are trained; null: <see cref="AdamW"/>. Disposed with the trainer.</param>
    /// <exception cref="ArgumentException">There is no window, an option is outside of its range, or nothing is left to train.</exception>
    public QaTrainer(
        BertForQuestionAnswering model,
        IReadOnlyList<TrainingWindow> windows,
        TrainingOptions? options = null,
        ITrainingObjective? objective = null,
        Func<IReadOnlyList<(string Name, Parameter Parameter)>, ITrainingOptimizer>? optimizer = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        this.model = model;
        this.windows = windows;
        windowsSha256 = new Lazy<string>(() => Hash(windows));
        Options = options ?? new TrainingOptions();
        this.objective = objective ?? new QuestionAnsweringObjective();
        Plan = new TrainingPlan(Options, [.. windows.Select(window => window.Length)]);
        frozen = Frozen.Apply(model, Options);
        trained =
        [
            .. model
                .named_parameters()
                .Select(p => (p.name, p.parameter))
                .Concat(this.objective.Parameters)
                .Where(p => p.Item2.requires_grad),
        ];
        Optimizer = optimizer?.Invoke(trained) ?? new AdamW(trained, new AdamWOptions(WeightDecay: Options.WeightDecay));
    }

    /// <summary>How many steps there are, and their batches.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>The optimizer, with what it remembers.</summary>
    public ITrainingOptimizer Optimizer { get; }

    /// <summary>How many steps are done. Set it to go on where another trainer ended, after loading its weights and its optimizer's state.</summary>
    public long StepsDone { get; set; }

    /// <summary>How it is trained.</summary>
    public TrainingOptions Options { get; }

    /// <summary>All parameters of the model, trained or not.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> ModelParameters => model.named_parameters().Select(p => (p.name, p.parameter));

    /// <summary>What the objective learns beside the model.</summary>
    internal IReadOnlyList<(string Name, Parameter Parameter)> ObjectiveParameters => objective.Parameters;

    /// <summary>The SHA-256 of all windows with their labels.</summary>
    internal string WindowsSha256 => windowsSha256.Value;

    /// <summary>How many numbers are trained.</summary>
    public long TrainedParameters => trained.Sum(p => p.Parameter.numel());

    private Device Device => trained[0].Parameter.device;

    /// <summary>The steps that are left, each done when it is asked for.</summary>
    /// <param name="cancellation">Looked at before every batch; the step under way is given up without a trace.</param>
    /// <exception cref="TrainingException">The loss or the gradients are not finite. The weights are those before the step.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<TrainingStep> Run(CancellationToken cancellation = default)
    {
        while (StepsDone < Plan.TotalSteps)
            yield return Step(cancellation);
    }

    /// <summary>Does the next step.</summary>
    /// <inheritdoc cref="Run"/>
    public TrainingStep Step(CancellationToken cancellation = default)
    {
        var batches = Plan.Batches(StepsDone);
        var rate = Plan.Schedule.At(StepsDone);
        model.train();
        try
        {
            random.manual_seed(RandomStream.SeedFor(Options.Seed, "step", StepsDone));
            var loss = 0.0;
            foreach (var batch in batches)
                loss += Backward(batch, 1.0 / batches.Count, cancellation);
            RefuseNonFinite("loss", loss);
            var norm = Gradients.Clip(trained.Select(p => p.Parameter), Options.MaxGradNorm);
            RefuseNonFinite("length of the gradients", norm);
            Optimizer.Step(rate);
            StepsDone++;
            var tokens = batches.Sum(batch => batch.Sum(i => (long)windows[i].Length));
            return new TrainingStep(StepsDone, (double)StepsDone / Plan.StepsPerEpoch, loss, rate, norm, tokens);
        }
        finally
        {
            foreach (var (_, parameter) in trained)
                FreeGradient(parameter);
            model.eval();
        }
    }

    // In pieces of windows of similar length, which bounds what is held at once; their weighted mean is the batch's.
    private double Backward(int[] batch, double share, CancellationToken cancellation)
    {
        var sum = 0.0;
        var whole = BatchSize.Of(batch.Select(i => windows[i]));
        foreach (var piece in EagerEngine.Batches([.. batch.Select(i => windows[i].Length)]))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var part = piece.ToArray().Select(i => windows[batch[i]]).ToList();
            var loss = objective.Loss(model, new TrainingBatch(part, PaddingId, Device) { Whole = whole });
            var scaled = loss.mul(share * part.Count / batch.Length);
            scaled.backward();
            sum += scaled.ToDouble();
        }
        return sum;
    }

    private static string Hash(IReadOnlyList<TrainingWindow> windows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var window in windows)
        {
            hash.AppendData(
                MemoryMarshal.AsBytes<int>([window.Row, window.Length, window.SecondStart, window.Label.Start, window.Label.End])
            );
            hash.AppendData(MemoryMarshal.AsBytes<int>(window.Ids));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void RefuseNonFinite(string what, double value)
    {
        if (double.IsFinite(value))
            return;
        throw new TrainingException(
            FormattableString.Invariant($"step {StepsDone + 1} of {Plan.TotalSteps}: the {what} is {value}; the step is not done. ")
                + Remedy
        )
        {
            Rows = [.. Plan.Batches(StepsDone).SelectMany(batch => batch.Select(i => windows[i].Row)).Distinct().Order()],
        };
    }

    private string Remedy =>
        FormattableString.Invariant($"A lower learning rate than {Options.LearningRate:g}, a warm-up or shorter gradients may help.");

    /// <summary>Makes sure that the weights as they are give a loss that is a number: before they are kept, since a step may ruin them.</summary>
    /// <exception cref="TrainingException">They do not.</exception>
    public void RefuseRuined()
    {
        var first = Plan.Batches(Math.Max(0, StepsDone - 1))[0][..1];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var window = windows[first[0]];
        var loss = objective.Loss(model, new TrainingBatch([window], PaddingId, Device)).ToDouble();
        if (!double.IsFinite(loss))
            throw new TrainingException(
                FormattableString.Invariant($"step {StepsDone} of {Plan.TotalSteps} has ruined the weights: the loss with them is {loss}. ")
                    + Remedy
            )
            {
                Rows = [window.Row],
            };
    }

    private int PaddingId => (int)(model.Config.PadTokenId ?? 0);

    private static void FreeGradient(Parameter parameter)
    {
        using var gradient = parameter.grad; // a handle of its own, which would keep it
        if (gradient is not null)
            parameter.grad = null;
    }

    /// <summary>Frees the optimizer; the model stays, and wants the gradients again that it wanted before.</summary>
    public void Dispose()
    {
        foreach (var parameter in frozen)
            parameter.requires_grad = true;
        Optimizer.Dispose();
    }
}
