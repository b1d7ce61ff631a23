using TorchSharp.Modules;
using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>AdamW as PyTorch computes it, in libtorch's fused kernel. Weights decay first, by rate times decay, also where they got no gradient in this batch.</summary>
public sealed class AdamW : ITrainingOptimizer
{
    private readonly List<Entry> entries = [];
    private readonly AdamWOptions options;

    /// <summary>Starts with empty means.</summary>
    /// <param name="parameters">What is trained, with the names in the checkpoint; those that want no gradient are left out.</param>
    /// <param name="options">Null takes the defaults.</param>
    public AdamW(IEnumerable<(string Name, Parameter Parameter)> parameters, AdamWOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.options = options ?? new AdamWOptions();
        using var _ = no_grad();
        foreach (var (name, parameter) in parameters)
            if (parameter.requires_grad)
                entries.Add(
                    new Entry(
                        name,
                        parameter,
                        zeros_like(parameter).DetachFromDisposeScope(),
                        zeros_like(parameter).DetachFromDisposeScope(),
                        zeros(1, device: parameter.device).DetachFromDisposeScope()
                    )
                );
        State = entries.SelectMany(entry => entry.State).ToDictionary(StringComparer.Ordinal);
    }

    private sealed record Entry(string Name, Parameter Parameter, Tensor Mean, Tensor Square, Tensor Steps)
    {
        public bool Decays { get; } =
            !Name.EndsWith("bias", StringComparison.Ordinal) && !Name.Contains("LayerNorm", StringComparison.Ordinal);

        public IEnumerable<KeyValuePair<string, Tensor>> State =>
            [new($"exp_avg.{Name}", Mean), new($"exp_avg_sq.{Name}", Square), new($"step.{Name}", Steps)];
    }

    /// <summary><c>exp_avg</c>, <c>exp_avg_sq</c> and <c>step</c> of every parameter.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope(); // each look at a gradient makes a handle that would keep it
        using var _ = no_grad();
        foreach (var decays in new[] { true, false })
        {
            var group = entries
                .Where(entry => entry.Decays == decays)
                .Select(entry => (Entry: entry, Gradient: entry.Parameter.grad))
                .Where(pair => pair.Gradient is not null)
                .ToList();
            if (group.Count == 0)
                continue;
            FusedKernels.AdamW(
                [.. group.Select(pair => pair.Entry.Parameter)],
                [.. group.Select(pair => pair.Gradient!)],
                [.. group.Select(pair => pair.Entry.Mean)],
                [.. group.Select(pair => pair.Entry.Square)],
                [.. group.Select(pair => pair.Entry.Steps)],
                learningRate,
                options,
                decays ? options.WeightDecay : 0
            );
        }
    }

    /// <summary>Frees the means.</summary>
    public void Dispose()
    {
        foreach (var state in State.Values)
            state.Dispose();
    }
}
