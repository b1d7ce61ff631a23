using TorchSharp;
using TorchSharp.Modules;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Engines;

/// <summary>An engine never answers from weights that the model no longer has.</summary>
public sealed class ChangedModelTests : IDisposable
{
    private readonly BertForQuestionAnswering model = TinyModel.Random(layers: 2, hidden: 32, heads: 2, dropout: 0.5);
    private readonly List<TokenWindow> windows = EngineWindows.OfLengths(20, 7, 31);
    private readonly List<string> notices = [];
    private readonly SnapshotEngine engine;
    private readonly IReadOnlyList<WindowLogits> before;

    public ChangedModelTests()
    {
        engine = new SnapshotEngine(model, workers: 2, notice: notices.Add);
        before = engine.Run(windows);
        notices.Should().BeEmpty();
    }

    public void Dispose()
    {
        engine.Dispose();
        model.Dispose();
    }

    public static TheoryData<string, Action<BertForQuestionAnswering>> Edits =>
        new()
        {
            { "an operation in place", m => Dense(m).weight!.mul_(1.5) },
            { "copied numbers", m => Dense(m).bias!.copy_(ones(64)) },
            { "one element", m => Dense(m).weight![3, 4] = tensor(9f) },
            { "another tensor", m => Dense(m).weight = new Parameter(randn(64, 32)) },
            { "an embedding", m => ((Embedding)m.Embeddings().WordEmbeddings).weight!.mul_(2) },
            { "another embedding", m => ((Embedding)m.Embeddings().WordEmbeddings).weight = new Parameter(randn(50, 32)) },
            { "a LayerNorm", m => ((LayerNorm)((ResidualOutput)m.Layer(1).Output).LayerNorm).bias!.add_(1) },
            { "a loaded state", m => m.load_state_dict(m.state_dict().ToDictionary(e => e.Key, e => e.Value.mul(0.7))) },
        };

    [Theory, MemberData(nameof(Edits))]
    public void After_an_edit_it_is_packed_anew_which_is_said_once(string _, Action<BertForQuestionAnswering> edit)
    {
        using (no_grad())
            edit(model);

        var after = engine.Run(windows);
        engine.Run(windows);

        ShouldBeTheTrees(after);
        EngineWindows.Difference(after, before).Should().BeGreaterThan(1e-3);
        notices.Should().ContainSingle().Which.Should().Contain("packed anew");
    }

    [Fact]
    public void After_a_step_of_an_optimiser_it_is_packed_anew()
    {
        using var optimizer = optim.AdamW(model.parameters(), lr: 1e-2);
        using var output = model.Forward(Inputs.Random(2, 20));
        output.StartLogits.square().mean().backward();
        optimizer.step();

        var after = engine.Run(windows);

        ShouldBeTheTrees(after);
        EngineWindows.Difference(after, before).Should().BeGreaterThan(1e-3);
        notices.Should().ContainSingle().Which.Should().Contain("packed anew");
    }

    // torch's fused kernel does not count what it writes.
    [Fact]
    public void After_a_step_of_our_own_optimiser_it_is_packed_anew()
    {
        using var optimizer = new XDistilTorch.Training.AdamW(model.named_parameters(), new XDistilTorch.Training.AdamWOptions());
        using var output = model.Forward(Inputs.Random(2, 20));
        output.StartLogits.square().mean().backward();
        optimizer.Step(1e-2);

        var after = engine.Run(windows);

        ShouldBeTheTrees(after);
        EngineWindows.Difference(after, before).Should().BeGreaterThan(1e-3);
    }

    [Fact]
    public void A_matrix_that_has_the_place_of_one_that_is_gone_is_another_one()
    {
        for (var i = 1; i < 20; i++)
        {
            using (no_grad())
                Dense(model).weight = new Parameter(full([64, 32], 0.01 * i));
            ShouldBeTheTrees(engine.Run(windows));
        }
    }

    [Fact]
    public void Dropout_that_is_switched_on_alone_drops()
    {
        foreach (var dropout in model.modules().OfType<Dropout>())
            dropout.train();

        EngineWindows.Difference(engine.Run(windows), engine.Run(windows)).Should().BePositive();

        notices.Should().ContainSingle().Which.Should().Contain("training mode");
    }

    [Fact]
    public void Matrices_of_other_shapes_than_the_configs_are_the_trees()
    {
        ((BertIntermediate)model.Layer(0).Intermediate).Dense = nn.Linear(32, 256);
        ((ResidualOutput)model.Layer(0).Output).Dense = nn.Linear(256, 32);
        model.eval();

        ShouldBeTheTrees(engine.Run(windows));

        notices.Should().ContainSingle().Which.Should().Contain("layer 0's intermediate is [256, 32], the config says [64, 32]");
    }

    [Fact]
    public void A_layer_without_bias_has_none()
    {
        ((BertIntermediate)model.Layer(0).Intermediate).Dense = nn.Linear(32, 64, hasBias: false);
        model.eval();

        ShouldBeTheTrees(engine.Run(windows));
    }

    [Fact]
    public void A_matrix_that_is_turned_is_read_as_it_is()
    {
        Dense(model).weight = new Parameter(randn(32, 64).t());

        ShouldBeTheTrees(engine.Run(windows));
    }

    [Fact]
    public void As_long_as_a_part_is_replaced_the_tree_is_run_itself_which_is_said_once()
    {
        var own = ((ResidualOutput)model.Layer(1).Output).Dense;
        using var other = nn.Sequential(nn.Linear(64, 32));
        ((ResidualOutput)model.Layer(1).Output).Dense = other;

        var after = engine.Run(windows);
        engine.Run(windows);

        after.Should().BeEquivalentTo(new EagerEngine(model, CPU).Run(windows));
        notices.Should().ContainSingle().Which.Should().Match("bert.encoder.layer.1.output.dense was replaced by Sequential*module tree*");

        ((ResidualOutput)model.Layer(1).Output).Dense = own;
        EngineWindows.Bits(engine.Run(windows)).Should().Equal(EngineWindows.Bits(before));
    }

    [Fact]
    public void A_hook_is_called()
    {
        var calls = 0;
        var hook = model
            .Layer(0)
            .register_forward_hook(
                (_, _, _, _, output) =>
                {
                    calls++;
                    return output;
                }
            );

        engine.Run(windows);

        calls.Should().BePositive();
        notices.Should().ContainSingle().Which.Should().Contain("bert.encoder.layer.0 has hooks");

        hook.remove();
        EngineWindows.Bits(engine.Run(windows)).Should().Equal(EngineWindows.Bits(before));
    }

    [Fact]
    public void In_training_mode_dropout_drops()
    {
        model.train();

        var first = engine.Run(windows);
        var second = engine.Run(windows);

        EngineWindows.Difference(first, second).Should().BePositive();
        notices.Should().ContainSingle().Which.Should().Contain("training mode");
    }

    [Fact]
    public void A_model_of_another_type_is_run_itself()
    {
        model.to(ScalarType.Float64);

        ShouldBeTheTrees(engine.Run(windows));
    }

    private static Linear Dense(BertForQuestionAnswering model) => (Linear)((BertIntermediate)model.Layer(0).Intermediate).Dense;

    private void ShouldBeTheTrees(IReadOnlyList<WindowLogits> logits) =>
        EngineWindows.Difference(logits, new EagerEngine(model, CPU).Run(windows)).Should().BeLessThan(5e-5);
}
