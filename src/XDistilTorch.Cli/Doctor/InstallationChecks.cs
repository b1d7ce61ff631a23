using XDistilTorch.Cli.Doctor.Checks;
using XDistilTorch.Cli.Doctor.Probes;
using XDistilTorch.Engines;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Cli.Doctor;

/// <summary>The checks of this installation on this machine.</summary>
internal static class InstallationChecks
{
    /// <param name="named">The value of --model; null: not given.</param>
    /// <param name="device">The value of --device.</param>
    /// <param name="folders">Where native libraries are looked for.</param>
    public static IReadOnlyList<ICheck> For(string? named, string device, IReadOnlyList<string> folders)
    {
        var model = new ModelInUse(named);
        var libraries = new Lazy<NativeLibraries>(() => NativeLibraries.In(folders));
        var isNamed = !string.IsNullOrEmpty(named ?? Environment.GetEnvironmentVariable(ModelFolders.Variable));
        return
        [
            new NativeLibrariesCheck(() => libraries.Value),
            new SystemLibrariesCheck(() => libraries.Value, SystemLibraries.Locate, SystemLibraries.Versions),
            new LibTorchCheck(LibTorchCheck.Load),
            new ProcessorCheck(() => ProcessorFeatures.OfThisMachine, Machine.ProcessorName),
            new CoresCheck(Machine.Cores),
            new CudaCheck(CudaState.OfThisMachine),
            new WeightsCheck(() => model.Folder),
            new MemoryCheck(Machine.FreeMemory, model.Parameters),
            new EngineCheck(kind => Choose(kind, model, device), device == "cpu"),
            new HubCacheCheck(Environment.GetEnvironmentVariable),
            new SelfTestCheck((question, context) => Ask(model.Folder, device, question, context), isNamed),
        ];
    }

    private static EngineChoice Choose(EngineKind kind, ModelInUse model, string device) =>
        EngineChoice.For(kind, model.Config(), TorchDevice.Parse(device), ScalarType.Float32);

    private static string Ask(string folder, string device, string question, string context)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder, new LoadingOptions { Device = device });
        return answerer.Answer(question, context).Text;
    }
}
