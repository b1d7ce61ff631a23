using System.Text.Json;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

/// <summary>The reference's attributions of the small model: their window, baseline, targets and values.</summary>
internal sealed class AttributionGolden : IDisposable
{
    /// <summary>Absolute tolerance (README of the reference values).</summary>
    public const double Tolerance = 5e-5;

    private readonly GoldenTensors tensors = GoldenTensors.Require("model/tiny/inspection.safetensors");
    private readonly int first,
        last;

    public AttributionGolden()
    {
        using var facts = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Require("model/tiny/inspection.json")));
        (first, last) = (facts.RootElement.GetProperty("i").GetInt32(), facts.RootElement.GetProperty("j").GetInt32());
    }

    public BertInput Input => tensors.Input("input");

    public IReadOnlyList<int> Baseline => [.. tensors["input/baseline_ids"].data<long>().ToArray().Select(id => (int)id)];

    public TokenSpan Span => new(first, last);

    public LogitTarget Target(string name) => name == "start" ? LogitTarget.Start(first) : LogitTarget.Span(Span);

    public static AttributionPlace Place(string name) => name == "embeddings" ? AttributionPlace.Embeddings : AttributionPlace.Words;

    public Tensor this[string name] => tensors[name];

    public void ShouldHold(TokenAttribution actual, string name, double factor = 1)
    {
        using var values = tensor(actual.Values.Select(value => value * factor).ToArray()).unsqueeze(0);
        values.ShouldBeWithin(Tolerance, tensors[name], name);
    }

    public void Dispose() => tensors.Dispose();
}
