using XDistilTorch.Inspection;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public sealed class AttentionRecordingTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Question = "who repaired the clock?";
    private const string Text = "the clock was repaired by osei. the zebra was by the clock.";

    [Fact]
    public void Holds_the_attention_and_values_of_a_window_as_a_forward_pass_has_them()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var window = InspectedQuestion.Of(answerer, Question, Text).Windows[0];
        using var scope = NewDisposeScope();
        using var context = new ForwardContext().Record(Point.All(2));
        answerer.Model.Forward(window.ToInput(CPU), context).Dispose();

        using var recording = AttentionRecording.Of(answerer.Model, window, withValues: true);

        recording.Layers.Should().Equal(0, 1);
        foreach (var layer in recording.Layers)
        {
            recording.Probabilities(layer).shape.Should().Equal(1, 4, window.Length, window.Length);
            recording.Probabilities(layer).ShouldEqualBitForBit(context[Point.AttentionProbabilities(layer)]);
            recording.Values(layer).ShouldEqualBitForBit(context[Point.Value(layer)]);
            recording.Probabilities(layer).requires_grad.Should().BeFalse();
        }
    }

    [Fact]
    public void Logits_are_the_same_to_the_last_bit_before_and_after_and_the_pass_ends_after_the_last_layer_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random(layers: 3);
        var input = Inputs.Random(2, 9);
        var before = model.Logits(input);
        var counted = new Counted(model.Encoder().Layer[2]);
        model.Encoder().Layer[2] = counted;

        using (var recording = AttentionRecording.Of(model, input, [1, 0, 1]))
            recording.Layers.Should().Equal(0, 1);

        counted.Calls.Should().Be(0);
        model.Logits(input).ShouldEqualBitForBit(before);
        counted.Calls.Should().Be(1);
    }

    [Fact]
    public void Its_tensors_outlive_scopes_and_go_with_it()
    {
        using var model = TinyModel.Random();
        AttentionRecording recording;
        using (NewDisposeScope())
            recording = AttentionRecording.Of(model, Inputs.Random(1, 6), [0]);
        var kept = recording.Probabilities(0);
        kept.IsInvalid.Should().BeFalse();

        recording.Dispose();

        kept.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void Layers_that_are_not_there_or_show_nothing_are_told()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 6);
        void Told(int[] layers, string message) =>
            FluentActions
                .Invoking(() => AttentionRecording.Of(model, input, layers))
                .Should()
                .Throw<InspectionException>()
                .WithMessage(message);

        Told([0, 2], "there is no layer 2; the model has 2, numbered from 0.");
        Told([-1], "there is no layer -1; the model has 2, numbered from 0.");
        Told([], "no layer is chosen*");
        model.Encoder().Layer[1] = new ModuleTreeTests.PassOn();
        Told([1], "layer.1.AttentionProbabilities cannot be recorded*does not show it.");
    }

    [Fact]
    public void A_heads_matrix_is_its_probabilities_row_by_row()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        using var recording = AttentionRecording.Of(model, Inputs.Random(2, 6));

        tensor(recording.Matrix(1, 2, window: 1), [6, 6]).ShouldEqualBitForBit(recording.Probabilities(1)[1, 2]);

        FluentActions
            .Invoking(() => recording.Matrix(0, recording.Heads(0)))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no head *");
        FluentActions
            .Invoking(() => recording.Matrix(0, 0, window: 2))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no window 2 in the recording, which has 2, numbered from 0.");
    }

    [Fact]
    public void More_than_there_is_memory_for_is_refused_before_anything_is_computed()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var many = new BertInput { InputIds = zeros([1, 9], ScalarType.Int64).expand(1_000_000_000, 9) }; // one row, shown often

        FluentActions
            .Invoking(() => AttentionRecording.Of(model, many, [1]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(
                "the attention of 1 layer over 1000000000 x 9 tokens would take * of memory, of this machine's * GB at most half. *--layers*--window*"
            );
    }

    private sealed class Counted(nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> inner)
        : nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>("counted")
    {
        public int Calls { get; private set; }

        public override Tensor forward(Tensor hidden, AttentionMask mask, ForwardContext? context)
        {
            Calls++;
            return inner.call(hidden, mask, context);
        }
    }
}
