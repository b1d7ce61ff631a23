using XDistilTorch.Inspection;
using XDistilTorch.Pruning;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Pruning;
using static TorchSharp.torch;

namespace XDistilTorch.Parity;

/// <summary>The bundled model pruned: its logits are those of the whole one with the same parts masked.</summary>
public sealed class PrunedWeightsTests(BundledModel bundled) : IClassFixture<BundledModel>
{
    private const string Text =
        "The lighthouse was built in 1884 of grey granite. Its first keeper, Anna Holm, lit the lamp every evening for thirty-one years.";

    [Fact]
    public void Logits_without_heads_are_those_with_the_heads_masked()
    {
        using var scope = NewDisposeScope();
        var input = InspectedQuestion
            .Of(bundled.Answerer, "Who lit the lamp?", Text, cancellation: TestContext.Current.CancellationToken)
            .Windows[0]
            .ToInput(CPU);
        AttentionHead[] gone =
        [
            .. Enumerable.Range(0, 12).Select(head => new AttentionHead(4, head)),
            .. Enumerable.Range(0, 36).Select(i => new AttentionHead(i % 12, i / 3)),
        ];

        using var smaller = ModelPruning.Heads(bundled.Answerer.Model, gone);

        var masked = Masked.Heads(bundled.Answerer.Model, input, gone.Distinct());
        Masked.Logits(smaller, input).ShouldBeWithin(1e-4, masked);
        Masked.Logits(bundled.Answerer.Model, input).MaxDifference(masked).Should().BeGreaterThan(0.1);
    }

    [Fact]
    public void Logits_without_layers_are_those_with_the_layers_skipped()
    {
        using var scope = NewDisposeScope();
        var input = InspectedQuestion
            .Of(bundled.Answerer, "Who lit the lamp?", Text, cancellation: TestContext.Current.CancellationToken)
            .Windows[0]
            .ToInput(CPU);

        using var smaller = ModelPruning.Layers(bundled.Answerer.Model, [3, 7]);

        Masked.Logits(smaller, input).ShouldBeWithin(1e-4, Masked.Layers(bundled.Answerer.Model, input, [3, 7]));
    }

    [Fact]
    public void A_folder_keeps_half_precision_and_answers()
    {
        var folder = Directory.CreateTempSubdirectory("xdistil-pruned-").FullName;
        try
        {
            var output = Path.Combine(folder, "smaller");
            var written = PrunedFolder.Write(BundledModel.Folder, output, model => ModelPruning.Heads(model, [new(0, 3), new(11, 0)]));

            written.StoredAs.Should().Be(ScalarType.Float16);
            written.LeftOut.Should().Contain("calibration.json");
            using var answerer = QuestionAnswerer.FromPretrained(output);
            answerer.Calibration.Should().BeNull();
            answerer.Answer("Who lit the lamp?", Text).Text.Should().Be("Anna Holm");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
