using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Training;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Training;

public sealed class TrainableModelTests : IDisposable
{
    private readonly ModelFolder folder = new();

    public void Dispose() => folder.Dispose();

    // As published encoders are: no head, no "bert." before the names, and heads of pre-training.
    private Dictionary<string, Tensor> MakeBaseEncoder(bool maskedLanguageModel)
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var weights = model
            .named_parameters()
            .Where(p => !p.name.StartsWith("qa_outputs", StringComparison.Ordinal))
            .ToDictionary(p => p.name, p => p.parameter.detach().clone());
        SafeTensors.Write(
            folder.File("model.safetensors"),
            weights
                .Select(p => KeyValuePair.Create(maskedLanguageModel ? p.Key : p.Key["bert.".Length..], p.Value))
                .Concat(maskedLanguageModel ? [KeyValuePair.Create("cls.predictions.bias", zeros(10))] : [])
        );
        return weights;
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_model_without_a_head_gets_one_from_the_seed_and_says_so(bool maskedLanguageModel)
    {
        var encoder = MakeBaseEncoder(maskedLanguageModel);

        using var model = TrainableModel.Load(folder.Path, new() { Seed = 5 }, out var report);
        using var same = TrainableModel.Load(folder.Path, new() { Seed = 5 }, out _);
        using var other = TrainableModel.Load(folder.Path, new() { Seed = 6 }, out _);

        report!.Missing.Should().Equal("qa_outputs.weight", "qa_outputs.bias");
        foreach (var (name, weight) in encoder)
            model.get_parameter(name)!.ShouldEqualBitForBit(weight, name);
        var head = model.get_parameter("qa_outputs.weight")!;
        head.std().item<float>().Should().BeInRange(0.2f * (float)model.Config.InitializerRange, 3 * (float)model.Config.InitializerRange);
        model.get_parameter("qa_outputs.bias")!.abs().max().item<float>().Should().Be(0);
        same.get_parameter("qa_outputs.weight")!.ShouldEqualBitForBit(head);
        other.get_parameter("qa_outputs.weight")!.MaxDifference(head).Should().BeGreaterThan(0);
        ((Action)(() => BertForQuestionAnswering.FromPretrained(folder.Path))).Should().Throw<CheckpointException>();
    }

    [Fact]
    public void Random_weights_follow_from_the_seed_and_leave_the_file_alone()
    {
        using var loaded = TrainableModel.Load(folder.Path, null, out var report);
        using var random = TrainableModel.Load(folder.Path, new() { Random = true, Seed = 1 }, out var none);
        using var same = TrainableModel.Load(folder.Path, new() { Random = true, Seed = 1 }, out _);

        report!.Missing.Should().BeEmpty();
        none.Should().BeNull();
        foreach (var (name, parameter) in random.named_parameters())
            same.get_parameter(name)!.ShouldEqualBitForBit(parameter, name);
        random.get_parameter("qa_outputs.weight")!.MaxDifference(loaded.get_parameter("qa_outputs.weight")!).Should().BeGreaterThan(0);
    }

    [Fact]
    public void Dropout_goes_before_the_configs()
    {
        using var model = TrainableModel.Load(folder.Path, new() { Dropout = 0.25 }, out _);

        (model.Config.HiddenDropoutProb, model.Config.AttentionProbsDropoutProb).Should().Be((0.25, 0.25));
        ((Action)(() => TrainableModel.Load(folder.Path, new() { Dropout = 1 }, out _))).Should().Throw<ArgumentOutOfRangeException>();
    }
}
