using XDistilTorch.Checkpoints;
using XDistilTorch.Engines;
using XDistilTorch.Engines.Packed;
using XDistilTorch.Modeling;
using XDistilTorch.Native;

namespace XDistilTorch;

/// <summary>A model as <see cref="QuestionAnswerer"/> has it: an engine, and the module tree unless answers are all that is wanted.</summary>
internal sealed record LoadedModel(
    BertConfig Config,
    LoadReport Report,
    IWindowEngine Engine,
    EngineChoice Choice,
    string Device,
    BertForQuestionAnswering? Model
) : IDisposable
{
    /// <summary>Loads a folder; without a module tree where answers only are wanted and an engine can be made from the files.</summary>
    /// <exception cref="XDistilException">Something is missing, broken or does not fit together.</exception>
    public static LoadedModel Load(string folder, LoadingOptions options) =>
        options.AnswersOnly && options.Engine != EngineKind.Eager
            ? FromFiles(folder, options) ?? WithTree(folder, options)
            : WithTree(folder, options);

    private static LoadedModel? FromFiles(string folder, LoadingOptions options)
    {
        // libtorch takes a quarter of a second to load: it does so while the files are opened.
        if (options.Engine == EngineKind.Int8 && Int8Support.Instructions is not null)
            _ = Task.Run(static () => TorchRuntime.TryLoad());
        using var files = PretrainedFiles.Open(folder, options);
        var choice = EngineChoice.ForAnswersOnly(options.Engine, files.Config, options.Device, files.Type);
        if (choice.Kind == EngineKind.Eager)
            return null;
        var numbers = StoredModel.Read(files, out var report);
        var engine = FinalEngine.Make(numbers, files.Config, choice.Kind == EngineKind.Int8, options.Workers);
        return new LoadedModel(files.Config, report, engine, choice, "cpu", null);
    }

    private static LoadedModel WithTree(string folder, LoadingOptions options)
    {
        var model = PretrainedModel.Load(folder, options, out var report);
        try
        {
            var device = TorchDevice.Parse(options.Device);
            var choice = EngineChoice.For(options.Engine, model.Config, device, model.parameters().First().dtype);
            if (!choice.IsAsAsked)
                options.Notice?.Invoke(
                    $"the {options.Engine.ToString().ToLowerInvariant()} engine cannot be had, {choice.Kind.ToString().ToLowerInvariant()} is taken: {choice.Reason}."
                );
            IWindowEngine engine =
                choice.Kind == EngineKind.Eager
                    ? new EagerEngine(model, device)
                    : new SnapshotEngine(model, choice.Kind == EngineKind.Int8, options.Workers, options.Notice);
            return new LoadedModel(model.Config, report, engine, choice, device.ToString(), model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        (Engine as IDisposable)?.Dispose();
        Model?.Dispose();
    }
}
