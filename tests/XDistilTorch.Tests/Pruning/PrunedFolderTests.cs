using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Pruning;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Checkpoints;
using XDistilTorch.Tokenization;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Pruning;

public sealed class PrunedFolderTests : IDisposable
{
    private readonly ModelFolder source = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        source.Dispose();
    }

    private static BertForQuestionAnswering WithoutSome(BertForQuestionAnswering model) =>
        ModelPruning.Heads(model, [new(0, 0), new(0, 1), new(0, 2), new(0, 3), new(1, 2)]);

    [Fact]
    public void What_is_written_is_loaded_bit_for_bit()
    {
        var written = PrunedFolder.Write(source.Path, folder.At("smaller"), WithoutSome);

        using var model = BertForQuestionAnswering.FromPretrained(source.Path);
        using var expected = WithoutSome(model);
        using var loaded = BertForQuestionAnswering.FromPretrained(folder.At("smaller"));
        loaded.Config.PrunedHeads.Should().BeEquivalentTo(new Dictionary<int, int[]> { [0] = [0, 1, 2, 3], [1] = [2] });
        foreach (var (name, parameter) in loaded.named_parameters())
            parameter.ShouldEqualBitForBit(expected.get_parameter(name)!, name);
        written.Parameters.Should().Be(loaded.parameters().Sum(p => p.numel()));
        (written.ParametersBefore - written.Parameters)
            .Should()
            .Be(5 * (3 * (8 * 32 + 8) + 8 * 32), "each head has queries, keys, values, output");
        folder.Names.Should().Equal("smaller");
    }

    [Theory, InlineData(ScalarType.Float16, DType.F16), InlineData(ScalarType.BFloat16, DType.BF16)]
    public void Weights_keep_the_type_they_are_stored_in(ScalarType type, DType stored)
    {
        using (var model = BertForQuestionAnswering.FromPretrained(source.Path))
            model.SavePretrained(source.Path, BertTokenizer.FromPretrained(source.Path), new SavingOptions { DType = type });

        PrunedFolder.Write(source.Path, folder.At("smaller"), model => ModelPruning.Layers(model, [0])).StoredAs.Should().Be(type);

        using var written = SafeTensors.Open(folder.At("smaller/model.safetensors"));
        written.Tensors.Values.Should().OnlyContain(tensor => tensor.DType == stored);
        using var before = SafeTensors.Open(source.File("model.safetensors"));
        using Tensor kept = written.Read("bert.encoder.layer.0.output.dense.weight"),
            was = before.Read("bert.encoder.layer.1.output.dense.weight");
        kept.ShouldEqualBitForBit(was);
    }

    [Fact]
    public void What_speaks_of_the_model_before_is_left_out_and_told()
    {
        File.WriteAllText(source.File("calibration.json"), "{}");
        File.WriteAllText(source.File("README.md"), "A model.");

        var written = PrunedFolder.Write(source.Path, folder.At("smaller"), WithoutSome);

        written.LeftOut.Should().Equal("README.md", "calibration.json");
        File.Exists(folder.At("smaller/vocab.txt")).Should().BeTrue();
    }

    [Fact]
    public void Nothing_is_written_over_and_nothing_half()
    {
        Directory.CreateDirectory(folder.At("there"));

        FluentActions
            .Invoking(() => PrunedFolder.Write(source.Path, folder.At("there"), WithoutSome))
            .Should()
            .Throw<PruningException>()
            .WithMessage("*there: is there already, expected the name of a new folder*");
        FluentActions
            .Invoking(() => PrunedFolder.Write(source.Path, folder.At("none/smaller"), WithoutSome))
            .Should()
            .Throw<PruningException>()
            .WithMessage("*none/smaller: there is no folder *none to put it in*");
        FluentActions
            .Invoking(() => PrunedFolder.Write(source.Path, folder.At("smaller"), model => ModelPruning.Layers(model, [9])))
            .Should()
            .Throw<PruningException>();
        folder.Names.Should().Equal("there");
    }

    [Fact]
    public void A_checkpoint_of_other_heads_than_the_config_says_is_refused_with_its_tensors()
    {
        PrunedFolder.Write(source.Path, folder.At("smaller"), WithoutSome);
        var config = BertConfig.FromFile(folder.At("smaller/config.json"));
        (config with { PrunedHeads = new Dictionary<int, IReadOnlyList<int>> { [1] = [2] } }).ToFile(folder.At("smaller/config.json"));

        FluentActions
            .Invoking(() => BertForQuestionAnswering.FromPretrained(folder.At("smaller")))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage("*bert.encoder.layer.0.attention.self.query.weight is [0, 32], expected [32, 32]*");
    }

    [Fact]
    public void Both_models_are_held_against_the_same_questions()
    {
        PrunedFolder.Write(source.Path, folder.At("smaller"), WithoutSome);
        using var before = QuestionAnswerer.FromPretrained(source.Path);
        using var after = QuestionAnswerer.FromPretrained(folder.At("smaller"));
        var rows = TrainingRows.Of(70);
        var seen = new Seen();

        var comparison = PruningComparison.Of(before, after, rows, seen, TestContext.Current.CancellationToken);

        seen.Questions.Should().Equal(32, 64, 70);
        comparison.Windows.Should().BeGreaterThanOrEqualTo(70);
        comparison.Difference.F1.Mean.Should().BeApproximately(comparison.After.F1.Mean - comparison.Before.F1.Mean, 1e-9);
        var options = new AnswerOptions { Decoder = DecoderKind.Squad };
        foreach (var (answerer, report) in new[] { (before, comparison.Before), (after, comparison.After) })
            report
                .Questions.Select(outcome => outcome.Prediction)
                .Should()
                .Equal(rows.Select(row => answerer.Answer(row.Question, row.Context, options).Text));
        new[] { comparison.SpeedBefore, comparison.SpeedAfter, comparison.Speedup }.Should().OnlyContain(speed => speed > 0);
    }

    [Fact]
    public void Questions_without_known_answers_are_refused()
    {
        var row = TrainingRows.Of(1)[0] with { Answers = null };

        FluentActions
            .Invoking(() => PruningComparison.Check([row]))
            .Should()
            .Throw<DataException>()
            .WithMessage("question \"t1-0\"*has no \"answers\"*");
        FluentActions.Invoking(() => PruningComparison.Check([])).Should().Throw<DataException>().WithMessage("there is no question*");
    }

    private sealed class Seen : IProgress<PruningProgress>
    {
        public List<int> Questions { get; } = [];

        public void Report(PruningProgress value) => Questions.Add(value.Questions);
    }
}
