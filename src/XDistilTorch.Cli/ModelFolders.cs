namespace XDistilTorch.Cli;

/// <summary>Which model folder a command uses: the one named, else XDISTIL_MODEL, else the only one under weights/ here or in a parent folder.</summary>
internal static class ModelFolders
{
    public const string Variable = "XDISTIL_MODEL";

    public static string Resolve(string? named)
    {
        var variable = Environment.GetEnvironmentVariable(Variable);
        // The working folder may be gone; who names a model does not need it.
        return Resolve(named, variable, string.IsNullOrEmpty(named) && string.IsNullOrEmpty(variable) ? Environment.CurrentDirectory : "");
    }

    public static string Resolve(string? named, string? variable, string here)
    {
        if (!string.IsNullOrEmpty(named))
            return Existing(named, "--model");
        if (!string.IsNullOrEmpty(variable))
            return Existing(variable, Variable);
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
            $"no model: give --model FOLDER, or set {Variable}=FOLDER, or put one folder with a config.json under weights/ in {here} or a folder above it."
        );
    }

    /// <summary>A folder that was named by an option.</summary>
    /// <exception cref="XDistilException">There is none of this name.</exception>
    public static string Existing(string folder, string source) =>
        Directory.Exists(folder) ? folder
        : File.Exists(folder)
            ? throw new XDistilException(
                $"{source}: {folder} is a file, expected the folder that holds config.json, the weights and the vocabulary."
            )
        : throw new XDistilException(
            $"{source}: there is no folder {folder}. Expected one that holds config.json, the weights and the vocabulary."
        );
}
