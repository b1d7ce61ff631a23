using System.Globalization;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Recording;

/// <summary>What is to be recorded, and what that takes, before any of it is there.</summary>
/// <param name="Config">The model's.</param>
/// <param name="Points">Which points.</param>
/// <param name="Windows">Of which windows.</param>
/// <param name="DType">The model's.</param>
/// <param name="WithGradients">Whether gradients come too.</param>
public sealed record RecordingPlan(
    BertConfig Config,
    IReadOnlyList<Point> Points,
    IReadOnlyList<InspectedWindow> Windows,
    ScalarType DType,
    bool WithGradients = false
)
{
    /// <summary>The plan for a model as it is.</summary>
    public static RecordingPlan Of(
        BertForQuestionAnswering model,
        IReadOnlyList<Point> points,
        IReadOnlyList<InspectedWindow> windows,
        bool withGradients = false
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        return new RecordingPlan(model.Config, points, windows, model.parameters().First().dtype, withGradients);
    }

    /// <summary>The names that a file gives a window's tensors: <c>window.0/layer.3.Query</c>, <c>window.0/gradient/layer.3.Query</c>.</summary>
    public static string NameOf(InspectedWindow window, string tensor)
    {
        ArgumentNullException.ThrowIfNull(window);
        return string.Create(CultureInfo.InvariantCulture, $"window.{window.Tokens.Index}/{tensor}");
    }

    /// <summary>Bytes of the largest window's recording, which is in memory.</summary>
    public long BytesInMemory => Windows.Select(Bytes).DefaultIfEmpty().Max();

    /// <summary>Bytes of all windows' recordings, which a file holds; an <c>.npz</c> somewhat less, as it is compressed.</summary>
    public long BytesOnDisk => Windows.Sum(Bytes);

    /// <summary>Refuses what cannot go well.</summary>
    /// <param name="disk">Bytes that are free where the file is to be.</param>
    /// <param name="memory">Bytes of memory that there are; null: this machine's.</param>
    /// <exception cref="InspectionException">It is too much; the message says how much, and how to ask for less.</exception>
    public void Refuse(long disk, long? memory = null)
    {
        const string Less = "Ask for fewer points or layers (--points), for one window (--window), or for shorter windows (--max-length).";
        MemoryBudget.Refuse(BytesInMemory, "one window of these points", Less, memory);
        if (BytesOnDisk > disk)
            throw new InspectionException(
                $"{Wording.Count(Windows.Count, "window")} of these points would take {ByteSize.Of(BytesOnDisk)} on the disk, which has {ByteSize.Of(disk)} free. {Less}"
            );
    }

    /// <summary>The tensors of one window with their shapes, in order.</summary>
    internal IEnumerable<(string Name, long[] Shape)> Tensors(InspectedWindow window)
    {
        foreach (var point in Points)
        {
            var shape = Shape(Config, point, window.Length);
            yield return (NameOf(window, point.ToString()), shape);
            if (WithGradients)
                yield return (NameOf(window, WindowRecording.Gradient(point)), shape);
        }
    }

    /// <summary>The type that a safetensors file gives the numbers.</summary>
    internal DType FileType =>
        DTypes.TryFrom(DType, out var type) ? type : throw new InspectionException($"a model in {DType} cannot be recorded.");

    private long Bytes(InspectedWindow window) => Tensors(window).Sum(tensor => FileType.ByteLength(tensor.Shape)!.Value);

    /// <summary>The bytes of these points of one window in memory.</summary>
    internal static long Bytes(BertConfig config, IEnumerable<Point> points, long length, long elementSize) =>
        points.Sum(point => Shape(config, point, length).Aggregate(elementSize, (product, size) => product * size));

    // [1, ...]: one window.
    private static long[] Shape(BertConfig config, Point point, long length)
    {
        var (heads, hidden) = (point.Layer < 0 ? 0 : config.HeadCount(point.Layer), config.HiddenSize);
        return point.Kind switch
        {
            PointKind.AttentionScores or PointKind.AttentionProbabilities => [1, heads, length, length],
            PointKind.Query or PointKind.Key or PointKind.Value or PointKind.AttentionContext => [1, heads, length, config.HeadSize],
            PointKind.Intermediate => [1, length, config.IntermediateSize],
            PointKind.Logits => [1, length, 2],
            _ => [1, length, hidden],
        };
    }
}
