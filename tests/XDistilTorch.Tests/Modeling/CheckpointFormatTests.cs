using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Modeling;

/// <summary>Every file format the reference wrote the small model in gives the same model, in the real module tree.</summary>
public class CheckpointFormatTests
{
    private const string Expected = "model/formats/expected.json";

    public static TheoryData<string> Formats
    {
        get
        {
            if (!GoldenFolder.Has(Expected))
                return [];
            using var expected = JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.At(Expected)));
            return
            [
                .. expected
                    .RootElement.GetProperty("files")
                    .EnumerateObject()
                    .Where(f => f.Value.GetProperty("expect").GetString() == "load")
                    .Select(f => f.Name),
            ];
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Formats))]
    public void The_model_read_from_it_is_the_same_model(string name)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require(Expected)));
        var allowed = expected.RootElement.GetProperty("files").GetProperty(name).GetProperty("max_abs_diff").GetDouble();
        using var original = TinyModel.Load();
        using var model = new BertForQuestionAnswering(original.Config);
        using var checkpoint = Checkpoint.Open(GoldenFolder.Require($"model/formats/{name}"));

        CheckpointLoader.Load(model, checkpoint);

        model.eval();
        foreach (var (ours, theirs) in model.named_parameters().Zip(original.named_parameters()))
            ours.parameter.ShouldBeWithin(allowed, theirs.parameter, ours.name);
        if (allowed > 0)
            return;
        using var goldens = GoldenTensors.Require(TinyModel.Cases);
        var input = goldens.Input(goldens.Keys.First().Split('/')[0]);
        using var actual = model.Logits(input);
        using var same = original.Logits(input);
        actual.ShouldEqualBitForBit(same, name);
    }
}
