using XDistilTorch.Hub;

namespace XDistilTorch.Cli;

/// <summary>
/// Which model folder a command uses: the one named, else XDISTIL_MODEL, else the only one under weights/ here or in a parent folder. What is named is a folder, or
/// else a model of the hub.
/// </summary>
internal static class ModelFolders
{
    public const string Variable = "XDISTIL_MODEL";

    /// <param name="named">What --model says; null: nothing.</param>
    /// <param name="terminal">Is told of a download; null: nobody is.</param>
    /// <param name="cancellation">Ends a download.</param>
    public static string Resolve(string? named, Terminal? terminal = null, CancellationToken cancellation = default)
    {
        var variable = Environment.GetEnvironmentVariable(Variable);
        // The working folder may be gone; who names a model does not need it.
        var here = string.IsNullOrEmpty(named) && string.IsNullOrEmpty(variable) ? Environment.CurrentDirectory : "";
        return Resolve(named, variable, here, terminal, cancellation);
    }

    public static string Resolve(
        string? named,
        string? variable,
        string here,
        Terminal? terminal = null,
        CancellationToken cancellation = default
    )
    {
        if (!string.IsNullOrEmpty(named))
            return Named(named, "--model", terminal, cancellation);
        if (!string.IsNullOrEmpty(variable))
            return Named(variable, Variable, terminal, cancellation);
        for (var folder = new DirectoryInfo(here); folder is not null; folder = folder.Parent)
        {
            var weights = Path.Combine(folder.FullName, "weights");
            if (!Directory.Exists(weights))
                continue;
            string[] found =
            [
                .. Directory.GetDirectories(weights).Where(f => File.Exists(Path.Combine(f, "config.json"))).Order(StringComparer.Ordinal),
            ];
            if (found.Length == 1)
                return found[0];
            if (found.Length > 1)
                throw new XDistilException(
                    $"{weights}: holds {found.Length} models, name one with --model or {Variable}:\n  {string.Join("\n  ", found)}"
                );
        }
        throw new XDistilException(
            $"no model: give --model FOLDER (or ORG/NAME of the hub), or set {Variable}=FOLDER, or put one folder with a config.json under weights/ in {here} or a folder above it."
        );
    }

    /// <summary>A model that was named by an option: a folder, else a model of the hub, which is downloaded unless the cache has it.</summary>
    /// <param name="name">A folder, <c>ORG/NAME</c> or <c>ORG/NAME@REVISION</c>.</param>
    /// <param name="source">The option.</param>
    /// <param name="terminal">Is told of a download; null: nobody is.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="XDistilException">It is neither.</exception>
    public static string Named(string name, string source, Terminal? terminal, CancellationToken cancellation) =>
        !Path.Exists(name) && HubModel.TryParse(name, out var model)
            ? HubModels.Folder(model, source, terminal, cancellation)
            : Existing(name, source);

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
