using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>What moves parameters against their gradients; for research with another rule than AdamW.</summary>
public interface ITrainingOptimizer : IDisposable
{
    /// <summary>Moves the parameters that have a gradient.</summary>
    /// <param name="learningRate">This step's rate.</param>
    void Step(double learningRate);

    /// <summary>What it remembers between steps, by name: written to checkpoints and, when a run goes on, copied back into these very tensors.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }
}
