using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>How much each part of distillation counts.</summary>
/// <param name="Temperature">Logits are divided by it, so that the teacher's second and third choices are heard.</param>
/// <param name="Layers">How many layers are compared, from the top: the last of one with the last of the other, and so on down.</param>
/// <param name="Labels">Weight of the loss by the data's own answers.</param>
/// <param name="Logits">Weight of the difference in logits.</param>
/// <param name="Hidden">Weight of the difference in hidden states; 0: not computed.</param>
/// <param name="Attention">Weight of the difference in attention probabilities; 0: not computed.</param>
public sealed record DistillationOptions(
    double Temperature = 2,
    int Layers = 2,
    double Labels = 1,
    double Logits = 1,
    double Hidden = 1,
    double Attention = 1
);

/// <summary>Trains a model to answer as a larger one does: by its logits, its hidden states and its attention.</summary>
/// <remarks>
/// Logits: the Kullback-Leibler divergence of the student's distribution over real positions from the teacher's, times the square of the temperature, mean of start and
/// end. Hidden states: the mean square difference over real tokens and the teacher's features, the student's projected by a matrix that is learnt with it where the
/// widths differ. Attention: the mean square difference of the probabilities over real queries and keys. The last two are means over layers.
/// </remarks>
public sealed class DistillationObjective : ITrainingObjective, IDisposable
{
    // Padding gets no probability; not infinity, of which differences are no numbers.
    private const double Hidden = -1e30;

    private readonly BertForQuestionAnswering teacher;
    private readonly DistillationOptions options;
    private readonly Parameter? projection;

    /// <summary>Prepares the distillation.</summary>
    /// <param name="student">What will be trained.</param>
    /// <param name="teacher">What it learns from, on the same device and of the same vocabulary; stays the caller's and is not changed.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="seed">The projection's first values follow from it.</param>
    /// <exception cref="ArgumentException">The two do not go together, or an option is outside of its range.</exception>
    public DistillationObjective(
        BertForQuestionAnswering student,
        BertForQuestionAnswering teacher,
        DistillationOptions? options = null,
        long seed = 42
    )
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        this.teacher = teacher;
        this.options = options ?? new DistillationOptions();
        Check(student.Config, teacher.Config, this.options);
        if (this.options.Hidden == 0 || student.Config.HiddenSize == teacher.Config.HiddenSize)
            return;
        using var generator = new Generator((ulong)RandomStream.SeedFor(seed, "projection", 0));
        using var _ = no_grad();
        var values = empty(teacher.Config.HiddenSize, student.Config.HiddenSize).normal_(0, student.Config.InitializerRange, generator);
        projection = new Parameter(values.to(student.parameters().First().device));
        projection.DetachFromDisposeScope();
    }

    /// <summary>The projection from the student's width to the teacher's, [teacher H, student H]; none where they are equal.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters =>
        projection is null ? [] : [("distillation.projection", projection)];

    /// <summary>The parts of a batch's loss, without their weights; each a scalar.</summary>
    /// <param name="Labels">By the data's own answers.</param>
    /// <param name="Logits">By the teacher's logits.</param>
    /// <param name="Hidden">By its hidden states; null when not asked for.</param>
    /// <param name="Attention">By its attention; null when not asked for.</param>
    public sealed record Parts(Tensor Labels, Tensor Logits, Tensor? Hidden, Tensor? Attention);

    /// <inheritdoc/>
    public Tensor Loss(BertForQuestionAnswering model, TrainingBatch batch)
    {
        var parts = PartsOf(model, batch);
        var (ofTokens, ofPairs) = Shares(batch);
        var loss = parts.Labels.mul(options.Labels).add(parts.Logits.mul(options.Logits));
        if (parts.Hidden is not null)
            loss = loss.add(parts.Hidden.mul(options.Hidden * ofTokens));
        return parts.Attention is null ? loss : loss.add(parts.Attention.mul(options.Attention * ofPairs));
    }

    // Means over tokens and pairs, of a piece that counts by its windows: a short window's token weighs as much as a long one's.
    private static (double Tokens, double Pairs) Shares(TrainingBatch batch)
    {
        if (batch.Whole is not { } whole)
            return (1, 1);
        var piece = BatchSize.Of(batch.Windows);
        var windows = (double)piece.Windows / whole.Windows;
        return ((double)piece.Tokens / whole.Tokens / windows, (double)piece.Pairs / whole.Pairs / windows);
    }

    /// <summary>The parts of the loss, in the graph; they belong to the dispose scope around.</summary>
    public Parts PartsOf(BertForQuestionAnswering model, TrainingBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var seen = Watch(model.Config.NumHiddenLayers, gradients: true);
        using var shown = Watch(teacher.Config.NumHiddenLayers, gradients: false);
        var output = model.Forward(batch.Input, seen);
        QuestionAnsweringOutput lesson;
        using (no_grad())
            lesson = teacher.Forward(batch.Input, shown);

        var mask = batch.Input.AttentionMask ?? ones_like(batch.Input.InputIds!); // [B, S]
        var labels = QuestionAnsweringLoss.Of(output.StartLogits, output.EndLogits, batch.Starts, batch.Ends);
        var logits = Divergence(output.StartLogits, lesson.StartLogits, mask)
            .add(Divergence(output.EndLogits, lesson.EndLogits, mask))
            .div(2);
        return new Parts(
            labels.MoveToOuterDisposeScope(),
            logits.MoveToOuterDisposeScope(),
            options.Hidden == 0 ? null : HiddenDifference(seen, shown, mask, model.Config).MoveToOuterDisposeScope(),
            options.Attention == 0 ? null : AttentionDifference(seen, shown, mask, model.Config).MoveToOuterDisposeScope()
        );
    }

    private ForwardContext Watch(int layers, bool gradients)
    {
        var context = new ForwardContext();
        for (var i = 1; i <= options.Layers; i++)
        {
            List<Point> points = [];
            if (options.Hidden != 0)
                points.Add(Point.LayerOutput(layers - i));
            if (options.Attention != 0)
                points.Add(Point.AttentionProbabilities(layers - i));
            if (gradients)
                context.RecordForGradient(points);
            else
                context.Record(points);
        }
        return context;
    }

    // KL(teacher || student), [B, S] and [B, S] -> scalar
    private Tensor Divergence(Tensor student, Tensor lesson, Tensor mask)
    {
        var padding = mask.eq(0);
        var s = student.masked_fill(padding, Hidden).div(options.Temperature).log_softmax(-1);
        var t = lesson.masked_fill(padding, Hidden).div(options.Temperature).log_softmax(-1);
        return t.exp().mul(t.sub(s)).masked_fill(padding, 0).sum(-1).mean().mul(options.Temperature * options.Temperature);
    }

    private Tensor HiddenDifference(ForwardContext seen, ForwardContext shown, Tensor mask, BertConfig student)
    {
        var weight = mask.to(ScalarType.Float32).unsqueeze(-1); // [B, S, 1]
        var count = weight.sum().mul(teacher.Config.HiddenSize);
        return MeanOverLayers(i =>
        {
            var own = seen[Point.LayerOutput(student.NumHiddenLayers - i)]; // [B, S, H] -> [B, S, teacher H]
            if (projection is not null)
                own = nn.functional.linear(own, projection);
            return own.sub(shown[Point.LayerOutput(teacher.Config.NumHiddenLayers - i)]).square().mul(weight).sum().div(count);
        });
    }

    private Tensor AttentionDifference(ForwardContext seen, ForwardContext shown, Tensor mask, BertConfig student)
    {
        var real = mask.to(ScalarType.Float32);
        var weight = real.unsqueeze(1).unsqueeze(-1).mul(real.unsqueeze(1).unsqueeze(1)); // [B, 1, S queries, S keys]
        var count = weight.sum();
        return MeanOverLayers(i =>
            seen[Point.AttentionProbabilities(student.NumHiddenLayers - i)] // [B, heads, S, S]
                .sub(shown[Point.AttentionProbabilities(teacher.Config.NumHiddenLayers - i)])
                .square()
                .mul(weight)
                .sum()
                .div(count.mul(student.HeadCount(student.NumHiddenLayers - i)))
        );
    }

    private Tensor MeanOverLayers(Func<int, Tensor> difference) =>
        stack([.. Enumerable.Range(1, options.Layers).Select(difference)]).mean();

    private static void Check(BertConfig student, BertConfig teacher, DistillationOptions options)
    {
        if (student.VocabSize != teacher.VocabSize)
            throw new ArgumentException(
                $"the student's vocabulary has {student.VocabSize} entries, the teacher's {teacher.VocabSize}; expected the same vocabulary."
            );
        if (!(options.Temperature > 0) || !double.IsFinite(options.Temperature))
            throw new ArgumentException($"the temperature is {options.Temperature}, expected more than 0.");
        foreach (var weight in new[] { options.Labels, options.Logits, options.Hidden, options.Attention })
            if (!(weight >= 0) || !double.IsFinite(weight))
                throw new ArgumentException($"a weight is {weight}, expected 0 or more.");
        if (options is { Labels: 0, Logits: 0, Hidden: 0, Attention: 0 })
            throw new ArgumentException("all weights are 0: there is nothing to learn. Expected one that is more.");
        if (options is { Hidden: 0, Attention: 0 })
            return;
        var most = Math.Min(student.NumHiddenLayers, teacher.NumHiddenLayers);
        if (options.Layers < 1 || options.Layers > most)
            throw new ArgumentException($"{options.Layers} layers are to be compared, expected 1 to {most}: both models must have them.");
        if (options.Attention > 0)
            CheckHeads(student, teacher, options.Layers);
    }

    private static void CheckHeads(BertConfig student, BertConfig teacher, int layers)
    {
        const string Remedy = "attention does not compare. Set its weight to 0 (--distill-attention 0).";
        if (student.NumAttentionHeads != teacher.NumAttentionHeads)
            throw new ArgumentException(
                $"the student has {student.NumAttentionHeads} heads, the teacher {teacher.NumAttentionHeads}: {Remedy}"
            );
        for (var i = 1; i <= layers; i++)
        {
            var (own, other) = (student.NumHiddenLayers - i, teacher.NumHiddenLayers - i);
            if (student.HeadCount(own) == 0 || !student.KeptHeads(own).SequenceEqual(teacher.KeptHeads(other)))
                throw new ArgumentException(
                    $"layer {own} of the student has heads {Named(student, own)} left, layer {other} of the teacher {Named(teacher, other)}: {Remedy}"
                );
        }
    }

    private static string Named(BertConfig config, int layer) =>
        config.HeadCount(layer) == 0 ? "none" : string.Join(", ", config.KeptHeads(layer));

    /// <summary>Frees the projection; the teacher stays.</summary>
    public void Dispose() => projection?.Dispose();
}
