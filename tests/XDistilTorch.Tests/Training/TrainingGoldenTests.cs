using System.Text.Json;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Training;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Training;

/// <summary>Loss, gradients, AdamW and a whole curve against the reference.</summary>
public class TrainingGoldenTests
{
    private const string Tensors = "model/tiny/training.safetensors",
        Facts = "model/tiny/training.json";

    private static JsonElement Read() => JsonDocument.Parse(File.ReadAllText(GoldenFolder.Require(Facts))).RootElement.Clone();

    private static Tensor Loss(BertForQuestionAnswering model, GoldenTensors golden, string batch)
    {
        var output = model.Forward(golden.Input(batch));
        return QuestionAnsweringLoss.Of(
            output.StartLogits,
            output.EndLogits,
            golden[$"{batch}/start_positions"],
            golden[$"{batch}/end_positions"]
        );
    }

    [Fact]
    public void Positions_outside_the_window_count_as_in_the_reference()
    {
        using var golden = GoldenTensors.Require(Tensors);
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = golden.Input("batch0");
        var output = model.Forward(
            new BertInput
            {
                InputIds = input.InputIds![..2],
                TokenTypeIds = input.TokenTypeIds![..2],
                AttentionMask = input.AttentionMask![..2],
            }
        );

        foreach (var probe in Read().GetProperty("loss_probe").GetProperty("rows").EnumerateArray())
        {
            Tensor Positions(string name) => tensor(probe.GetProperty(name).EnumerateArray().Select(p => p.GetInt64()).ToArray());
            var loss = QuestionAnsweringLoss.Of(output.StartLogits, output.EndLogits, Positions("start"), Positions("end")).item<float>();

            if (probe.GetProperty("loss_f32").ValueKind == JsonValueKind.String)
                loss.Should().Be(float.NaN);
            else
                loss.Should().BeApproximately((float)probe.GetProperty("loss_f32").GetDouble(), 2e-5f);
        }
    }

    [Fact]
    public void Gradients_and_AdamW_steps_equal_the_reference()
    {
        using var golden = GoldenTensors.Require(Tensors);
        var zero = Read().GetProperty("parameters_whose_true_gradient_is_zero").EnumerateArray().Select(n => n.GetString()).ToHashSet();
        using var model = TinyModel.Load();
        using var optimizer = new AdamW(model.named_parameters(), new AdamWOptions(WeightDecay: 0.01));

        for (var step = 1; step <= 3; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            Loss(model, golden, "batch0").backward();
            foreach (var (name, parameter) in step == 1 ? model.named_parameters() : [])
                parameter.grad!.ShouldBeWithin(zero.Contains(name) ? 1e-6 : 1e-5, golden[$"adamw/grad/{name}"], name);
            optimizer.Step(1e-3);
            foreach (var (name, parameter) in step == 2 ? [] : model.named_parameters().Where(p => !zero.Contains(p.name)))
                parameter.ShouldBeWithin(2e-5, golden[$"adamw/after{step}/{name}"], name);
        }
    }

    [Fact]
    public void A_curve_of_twenty_steps_equals_the_reference()
    {
        using var golden = GoldenTensors.Require(Tensors);
        var facts = Read();
        var zero = facts.GetProperty("parameters_whose_true_gradient_is_zero").EnumerateArray().Select(n => n.GetString()).ToHashSet();
        double[] Curve(string name) => [.. facts.GetProperty("curve").GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        using var model = TinyModel.Load();
        using var optimizer = new AdamW(model.named_parameters(), new AdamWOptions(WeightDecay: 0.01));
        var schedule = new LearningRateSchedule(SchedulerType.Linear, 1e-3, warmupSteps: 4, totalSteps: 20);

        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = Loss(model, golden, $"batch{step % 3}");
            loss.backward();
            var norm = Gradients.Clip(model.parameters(), 1);
            optimizer.Step(schedule.At(step));

            ((double)loss.item<float>()).Should().BeApproximately(Curve("losses")[step], 2e-5);
            norm.Should().BeApproximately(Curve("grad_norms_before_clipping")[step], 1e-4);
            schedule.At(step).Should().BeApproximately(Curve("lr")[step], 1e-12);
        }
        foreach (var (name, parameter) in model.named_parameters().Where(p => !zero.Contains(p.name)))
            parameter.ShouldBeWithin(1e-4, golden[$"curve/final/{name}"], name);
    }
}
