using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>What a checkpoint is to have.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Type">The type that its numbers are wanted in.</param>
internal sealed record ExpectedTensor(string Name, long[] Shape, ScalarType Type);
