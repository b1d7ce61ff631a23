using TorchSharp;
using XDistilTorch.Engines;

namespace XDistilTorch;

/// <summary>How a model folder is loaded.</summary>
public sealed record LoadingOptions
{
    /// <summary>Where the model computes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The floating-point type to compute in, whatever the file holds; null keeps the file's.</summary>
    public torch.ScalarType? DType { get; init; } = torch.ScalarType.Float32;

    /// <summary>How forward passes are computed; where that cannot be had, the next best way, and <see cref="Notice"/> is told.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Auto;

    /// <summary>How many threads the packed and int8 engines compute with; null: one for each core. Their results do not depend on it.</summary>
    public int? Workers { get; init; }

    /// <summary>
    /// Whether answers are all that is wanted: an engine packs the weights straight from their files, and no module tree is made, so that <see cref="QuestionAnswerer.Model"/> cannot be had.
    /// The same answers, bit for bit, from half the memory; the packed engine then does not load libtorch at all, which takes most of a start's time, nor does int8 where the processor has no
    /// VNNI. The eager engine, and what makes it necessary (another device or type, a processor without AVX2), has the tree all the same: it is what computes.
    /// </summary>
    public bool AnswersOnly { get; init; }

    /// <summary>Is told, once each, what a user should know of the engine: that another one was taken, that the model was packed anew.</summary>
    public Action<string>? Notice { get; init; }
}
