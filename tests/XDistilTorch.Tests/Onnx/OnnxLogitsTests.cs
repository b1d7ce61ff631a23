using TorchSharp;
using XDistilTorch.Formats.Onnx;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Checkpoints;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Onnx;

/// <summary>Written graphs in ONNX Runtime: its logits are the module tree's.</summary>
public sealed class OnnxLogitsTests : IDisposable
{
    private const double Tolerance = 2e-4;

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    // From a generator of its own: torch's is shared with the tests that run at the same time.
    private static BertForQuestionAnswering Made(string activation = "gelu")
    {
        using var shape = TinyModel.Random();
        using var generator = new Generator(2);
        var model = new BertForQuestionAnswering(shape.Config with { HiddenAct = activation, LayerNormEps = 1e-3 }, generator);
        model.eval();
        return model;
    }

    private OnnxSession Export(BertForQuestionAnswering model, OnnxOptions options)
    {
        var path = folder.At("model.onnx");
        model.ExportOnnx(path, options);
        return new OnnxSession(path);
    }

    [Theory]
    [InlineData(OnnxOperators.Standard)]
    [InlineData(OnnxOperators.OnnxRuntime)]
    public void The_references_cases_give_the_references_logits(OnnxOperators operators)
    {
        using var model = TinyModel.Load();
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        using var session = Export(model, new OnnxOptions { Operators = operators });

        foreach (var name in goldens.Keys.Where(k => k.EndsWith("/input_ids", StringComparison.Ordinal)).Select(k => k.Split('/')[0]))
        {
            var expected = stack([goldens[$"{name}/start_logits"], goldens[$"{name}/end_logits"]], 1);
            session.Logits(goldens.Input(name)).ShouldBeWithin(Tolerance, expected, name);
        }
    }

    public static TheoryData<string, OnnxOperators> Activations =>
        new MatrixTheoryData<string, OnnxOperators>(Activation.Names, Enum.GetValues<OnnxOperators>());

    [Theory, MemberData(nameof(Activations))]
    public void Every_activation_that_a_config_may_name_is_written(string activation, OnnxOperators operators)
    {
        using var model = Made(activation);
        using var session = Export(model, new OnnxOptions { Operators = operators });
        var input = Inputs.Random(2, 9);

        session.Logits(input).ShouldBeWithin(Tolerance, model.Logits(input), activation);
    }

    [Theory]
    [InlineData(OnnxOperators.Standard, false)]
    [InlineData(OnnxOperators.Standard, true)]
    [InlineData(OnnxOperators.OnnxRuntime, false)]
    [InlineData(OnnxOperators.OnnxRuntime, true)]
    public void One_graph_takes_every_batch_and_length_and_padding_changes_nothing(OnnxOperators operators, bool quantized)
    {
        using var model = Made();
        using var session = Export(
            model,
            new OnnxOptions
            {
                Operators = operators,
                Quantized = quantized,
                ReduceRange = quantized,
            }
        );

        foreach (var (batch, length) in new[] { (1, 1), (1, 40), (3, 17), (8, 5) })
        {
            var input = Inputs.Random(batch, length) with { AttentionMask = MaskOf(batch, length) };
            var expected = model.Logits(input);
            session
                .Logits(input)
                .ShouldBeWithin(quantized ? 0.1 * expected.abs().max().item<float>() : Tolerance, expected, $"{batch} x {length}");
        }
    }

    // Row r has its last r tokens padded, as far as one remains.
    private static Tensor MaskOf(int batch, int length) =>
        tensor([
                .. from row in Enumerable.Range(0, batch) from i in Enumerable.Range(0, length) select i == 0 || i < length - row ? 1L : 0L,
            ])
            .view(batch, length);

    [Fact]
    public void A_model_of_half_precision_is_written_in_fp32_and_gives_what_its_numbers_give_there()
    {
        using var model = Made();
        model.to(ScalarType.Float16);
        using var session = Export(model, new OnnxOptions());
        model.to(ScalarType.Float32);
        var input = Inputs.Random(2, 9);

        session.Logits(input).ShouldBeWithin(Tolerance, model.Logits(input));
    }

    [Theory]
    [InlineData(OnnxOperators.Standard)]
    [InlineData(OnnxOperators.OnnxRuntime)]
    public void Inputs_and_outputs_are_named_and_shaped_as_optimum_exports_them(OnnxOperators operators)
    {
        using var model = Made();
        using var session = Export(model, new OnnxOptions { Operators = operators });

        session
            .Inputs.Should()
            .Equal(
                "input_ids Int64 [batch_size, sequence_length]",
                "attention_mask Int64 [batch_size, sequence_length]",
                "token_type_ids Int64 [batch_size, sequence_length]"
            );
        session
            .Outputs.Should()
            .Equal("start_logits Single [batch_size, sequence_length]", "end_logits Single [batch_size, sequence_length]");
    }
}
