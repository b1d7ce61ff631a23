using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Causality;

public sealed class AblationTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private static readonly LogitTarget Target = LogitTarget.Span(new TokenSpan(5, 6));

    [Theory, InlineData("b1s12"), InlineData("b3s20_right")]
    public void Logits_without_a_head_and_with_it_alone_equal_the_reference(string name)
    {
        using var golden = InspectionGolden.Require();
        using var cases = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (input, ablation) = (cases.Input(name), new Ablation(model));

        for (var layer = 0; layer < 2; layer++)
        for (var row = 0; row < input.InputIds!.shape[0]; row++)
        {
            var window = InspectionGolden.Row(input, row);
            foreach (
                var (kind, output) in new[]
                {
                    ("without", ablation.WithoutEachHead(window, layer)),
                    ("only", ablation.WithOnlyEachHead(window, layer)),
                }
            )
            {
                // [layer, head, batch, seq] -> [head, seq]
                output.StartLogits.ShouldBeWithin(
                    InspectionGolden.Tolerance,
                    golden[$"{name}/ablation/{kind}/start_logits"][layer, TensorIndex.Colon, row],
                    kind
                );
                output.EndLogits.ShouldBeWithin(
                    InspectionGolden.Tolerance,
                    golden[$"{name}/ablation/{kind}/end_logits"][layer, TensorIndex.Colon, row],
                    kind
                );
            }
        }
    }

    private InspectedWindow Window(string context) => Inspected(context).Windows[0];

    private InspectedQuestion Inspected(string context)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, "who?", context, cancellation: TestContext.Current.CancellationToken);
    }

    private static double Score(BertForQuestionAnswering model, BertInput input)
    {
        using var _ = no_grad();
        using var output = model.Forward(input);
        return Target.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).item<double>();
    }

    [Theory, InlineData(AblationKind.Mean), InlineData(AblationKind.Resample)]
    public void What_is_replaced_by_its_own_value_changes_nothing(AblationKind kind)
    {
        using var scope = NewDisposeScope();
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        // One window alone: what it is drawn from is itself. A head's mean over one position is that position: a window cannot be so short, so means are tested by a model
        // whose positions and words are all alike.
        var window = Window("the clock was repaired by osei");
        if (kind == AblationKind.Mean)
            MakePositionsAlike(model);
        using var reference = new AblationReference(
            model,
            [window],
            CPU,
            window.Length,
            cancellation: TestContext.Current.CancellationToken
        );
        var input = window.ToInput(CPU);
        var ablation = new Ablation(model, kind, reference);

        var score = Score(model, input);

        ablation
            .Heads(input, Target, [0, 1], TestContext.Current.CancellationToken)
            .SelectMany(row => row)
            .Should()
            .OnlyContain(value => Math.Abs(value - score) < 1e-4);
        ablation
            .Layers(input, Target, [0, 1], TestContext.Current.CancellationToken)
            .Should()
            .OnlyContain(value => Math.Abs(value - score) < 1e-4);
    }

    private static void MakePositionsAlike(BertForQuestionAnswering model)
    {
        using var _ = no_grad();
        foreach (var name in new[] { "word", "position", "token_type" })
            model.get_parameter($"bert.embeddings.{name}_embeddings.weight")!.zero_();
    }

    [Fact]
    public void A_layer_that_gives_its_input_on_is_a_model_without_it()
    {
        using var model = TinyModel.Random(layers: 3, dropout: 0);
        using var shorter = TinyModel.Random(layers: 2, dropout: 0);
        using var scope = NewDisposeScope();
        using (no_grad())
            foreach (var (name, parameter) in shorter.named_parameters())
                parameter.copy_(model.get_parameter(name.Replace("layer.1.", "layer.2.", StringComparison.Ordinal))!);
        var input = new BertInput { InputIds = tensor(new long[] { 2, 5, 6, 3, 9, 10, 11, 3 }).unsqueeze(0) };

        new Ablation(model)
            .Layers(input, Target, [1], TestContext.Current.CancellationToken)[0]
            .Should()
            .BeApproximately(Score(shorter, input), 1e-6);
    }

    [Fact]
    public void Scores_without_heads_are_those_of_the_logits()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        using var scope = NewDisposeScope();
        var input = Window("the clock was repaired by osei").ToInput(CPU);
        var ablation = new Ablation(model, AblationKind.Mean);

        var scores = ablation.Heads(input, Target, [1], TestContext.Current.CancellationToken)[0];

        scores.Should().HaveCount(4);
        using var _ = no_grad();
        using var context = new ForwardContext().Replace(
            Point.AttentionContext(1),
            heads => cat([heads[.., ..2], heads[.., 2..3].mean([2], keepdim: true).expand_as(heads[.., 2..3]), heads[.., 3..]], 1)
        );
        var output = model.Forward(input, context);
        scores[2].Should().BeApproximately(Target.Of(output.StartLogits, output.EndLogits).item<float>(), 1e-5);
    }

    [Fact]
    public void Resampling_needs_windows_that_are_long_enough()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        using var scope = NewDisposeScope();
        var window = Window("the clock was repaired by osei");

        FluentActions
            .Invoking(() => new Ablation(model, AblationKind.Resample).Heads(window.ToInput(CPU), Target, [0]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("resampling needs other windows*");
        FluentActions
            .Invoking(() => new AblationReference(model, [Window("osei")], CPU, window.Length))
            .Should()
            .Throw<InspectionException>()
            .WithMessage($"no reference window has {window.Length} tokens or more; the longest has *");
        FluentActions
            .Invoking(() => new AblationReference(model, [], CPU, 3))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no reference window*");
    }
}
