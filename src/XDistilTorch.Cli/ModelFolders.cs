using XDistilTorch.Hub;

namespace XDistilTorch.Cli;

/// <summary>
/// Which model folder a command uses: the one named, else XDISTIL_MODEL, else the only one under weights/ here or in a parent folder, else the one that came with
/// the tool. What is named is a folder, or else a model of the hub.
/// </summary>
internal static class ModelFolders
{
    public const string Variable = "XDISTIL_MODEL";

    /// <param name="named">What --model says; null: nothing.</param>
    /// <param name="terminal">Is told of a download; null: nothing is downloaded.</param>
    /// <param name="cancellation">Ends a download.</param>
    public static string Resolve(string? named, Terminal? terminal = null, CancellationToken cancellation = default)
    {
        var variable = Environment.GetEnvironmentVariable(Variable);
        // The working folder may be gone; who names a model does not need it.
        var here = string.IsNullOrEmpty(named) && string.IsNullOrEmpty(variable) ? Environment.CurrentDirectory : "";
        return Resolve(named, variable, here, AppContext.BaseDirectory, terminal, cancellation);
    }

    /// <param name="named">By an option.</param>
    /// <param name="variable">The value of <see cref="Variable"/>.</param>
    /// <param name="here">The working folder.</param>
    /// <param name="tool">The tool's own folder, looked into last; null: not.</param>
    /// <param name="terminal">Is told of a download; null: nothing is downloaded.</param>
    /// <param name="cancellation">Ends a download.</param>
    public static string Resolve(
        string? named,
        string? variable,
        string here,
        string? tool = null,
        Terminal? terminal = null,
        CancellationToken cancellation = default
    )
    {
        if (!string.IsNullOrEmpty(named))
            return Named(named, "--model", terminal, cancellation);
        if (!string.IsNullOrEmpty(variable))
            return Named(variable, Variable, terminal, cancellation);
        return AboveOrNull(here)
            ?? (tool is null ? null : Single(tool))
            ?? throw new XDistilException(
                $"no model: give --model FOLDER (or ORG/NAME of the hub), or set {Variable}=FOLDER, or put one folder with a config.json under weights/ in {here} or a folder above it."
            );
    }

    private static string? AboveOrNull(string here)
    {
        for (var folder = new DirectoryInfo(here); folder is not null; folder = folder.Parent)
            if (Single(folder.FullName) is { } found)
                return found;
        return null;
    }

    // The only one under weights/ of a folder; null where there is none.
    private static string? Single(string folder) =>
        BundledWeights.Under(folder) switch
        {
            [] => null,
            [var one] => one,
            var several => throw new XDistilException(
                $"{Path.Combine(folder, BundledWeights.FolderName)}: holds {several.Count} models, name one with --model or {Variable}:\n  {string.Join("\n  ", several)}"
            ),
        };

    /// <summary>A model that was named by an option: a folder, else a model of the hub, which is downloaded unless the cache has it.</summary>
    /// <param name="name">A folder, <c>ORG/NAME</c> or <c>ORG/NAME@REVISION</c>.</param>
    /// <param name="source">The option.</param>
    /// <param name="terminal">Is told of a download; null: nothing is downloaded.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="XDistilException">It is neither.</exception>
    public static string Named(string name, string source, Terminal? terminal, CancellationToken cancellation) =>
        OnHub(name) is { } model ? HubModels.Folder(model, source, terminal, cancellation) : Existing(name, source);

    /// <summary>The model of the hub that a name, or else the environment, stands for; null where it is a folder, or nothing was named.</summary>
    public static HubModel? OfHub(string? named) =>
        OnHub(string.IsNullOrEmpty(named) ? Environment.GetEnvironmentVariable(Variable) : named);

    private static HubModel? OnHub(string? name) => !Path.Exists(name) && HubModel.TryParse(name ?? "", out var model) ? model : null;

    /// <summary>A folder that was named by an option.</summary>
    /// <exception cref="XDistilException">There is none of this name.</exception>
    public static string Existing(string folder, string source) =>
        Directory.Exists(folder) ? folder
        : File.Exists(folder)
            ? throw new XDistilException(
                $"{source}: {folder} is a file, expected the folder that holds config.json, the weights and the vocabulary."
            )
        : throw new XDistilException(
            $"{source}: there is no folder {folder}. Expected one that holds config.json, the weights and the vocabulary, or ORG/NAME of a model on the hub."
        );
}
