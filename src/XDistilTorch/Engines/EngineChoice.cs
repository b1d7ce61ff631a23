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
    public static EngineChoice For(EngineKind asked, BertConfig config, Device device, ScalarType type)
    {
        if (asked == EngineKind.Eager)
            return new EngineChoice(EngineKind.Eager, "asked for", true);
        if (Obstacle(config, device, type) is { } obstacle)
            return new EngineChoice(EngineKind.Eager, obstacle, asked == EngineKind.Auto);
        return asked == EngineKind.Int8
            ? new EngineChoice(EngineKind.Int8, $"asked for; {Int8Support.Description}", true)
            : new EngineChoice(EngineKind.Packed, $"this processor has {SnapshotMaker.Description}", true);
    }

    /// <summary>The engine for a loaded model, and the choice of it.</summary>
    internal static (IWindowEngine Engine, EngineChoice Choice) Make(BertForQuestionAnswering model, Device device, LoadingOptions options)
    {
        var choice = For(options.Engine, model.Config, device, model.parameters().First().dtype);
        if (!choice.IsAsAsked)
            options.Notice?.Invoke(
                $"the {options.Engine.ToString().ToLowerInvariant()} engine cannot be had, {choice.Kind.ToString().ToLowerInvariant()} is taken: {choice.Reason}."
            );
        var quantized = choice.Kind == EngineKind.Int8;
        return choice.Kind == EngineKind.Eager
            ? (new EagerEngine(model, device), choice)
            : (
                options.AnswersOnly && FinalEngine.TakeOver(model, quantized, options.Workers) is { } final
                    ? final
                    : new SnapshotEngine(model, quantized, options.Workers, options.Notice),
                choice
            );
    }

    private static string? Obstacle(BertConfig config, Device device, ScalarType type) =>
        device.type != TorchSharp.DeviceType.CPU ? $"the model is on {device}"
        : type != ScalarType.Float32 ? $"the model computes in {type}"
        : !SnapshotMaker.IsSupported ? "this processor has no AVX2"
        : !TensorShim.CountsWrites ? "this libtorch does not say when a tensor was written"
        : SnapshotMaker.Obstacle(config);
}
