using XDistilTorch.Engines.Packed;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Engines;

/// <summary>Which engine is used, and why.</summary>
/// <param name="Kind">Never <see cref="EngineKind.Auto"/>.</param>
/// <param name="Reason">A sentence's second half: <c>this processor has AVX-512</c>.</param>
/// <param name="IsAsAsked">Whether it is what was asked for; <see cref="EngineKind.Auto"/> takes anything.</param>
public sealed record EngineChoice(EngineKind Kind, string Reason, bool IsAsAsked)
{
    /// <summary>The engine for a model: the one asked for if it can be had, else the next best.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="config">The model's config.</param>
    /// <param name="device">Where the model computes.</param>
    /// <param name="type">The type that it computes in.</param>
    public static EngineChoice For(EngineKind asked, BertConfig config, Device device, ScalarType type) =>
        For(
            asked,
            () =>
                device.type != TorchSharp.DeviceType.CPU ? $"the model is on {device}"
                : Obstacle(config, type) is { } obstacle ? obstacle
                : TensorShim.CountsWrites ? null
                : "this libtorch does not say when a tensor was written"
        );

    /// <summary>The engine for answers only, which is made from a model's files: no tree is watched, and libtorch is asked for nothing that the engine does not need.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="config">The model's config.</param>
    /// <param name="device">The device that was asked for, as <see cref="LoadingOptions.Device"/> has it.</param>
    /// <param name="type">The type that the model is to compute in.</param>
    internal static EngineChoice ForAnswersOnly(EngineKind asked, BertConfig config, string device, ScalarType type) =>
        For(
            asked,
            () =>
                device != "cpu" && TorchDevice.Parse(device) is { type: not TorchSharp.DeviceType.CPU } other
                    ? $"the model is on {other}"
                    : Obstacle(config, type)
        );

    private static EngineChoice For(EngineKind asked, Func<string?> findObstacle)
    {
        if (asked == EngineKind.Eager)
            return new EngineChoice(EngineKind.Eager, "asked for", true);
        if (findObstacle() is { } obstacle)
            return new EngineChoice(EngineKind.Eager, obstacle, asked == EngineKind.Auto);
        return asked == EngineKind.Int8
            ? new EngineChoice(EngineKind.Int8, $"asked for; {Int8Support.Description}", true)
            : new EngineChoice(EngineKind.Packed, $"this processor has {SnapshotMaker.Description}", true);
    }

    private static string? Obstacle(BertConfig config, ScalarType type) =>
        type != ScalarType.Float32 ? $"the model computes in {type}"
        : !SnapshotMaker.IsSupported ? "this processor has no AVX2"
        : SnapshotMaker.Obstacle(config);
}
