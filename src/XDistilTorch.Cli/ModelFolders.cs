namespace XDistilTorch.Cli;

/// <summary>Which model folder a command uses: the one named, else XDISTIL_MODEL, else the only one under weights/ here or in a parent folder, else the one that came with the tool.</summary>
internal static class ModelFolders
{
    public const string Variable = "XDISTIL_MODEL";

    public static string Resolve(string? named)
    {
        var variable = Environment.GetEnvironmentVariable(Variable);
        // The working folder may be gone; who names a model does not need it.
        return Resolve(
            named,
            variable,
            string.IsNullOrEmpty(named) && string.IsNullOrEmpty(variable) ? Environment.CurrentDirectory : "",
            AppContext.BaseDirectory
        );
    }

    /// <param name="named">By an option.</param>
    /// <param name="variable">The value of <see cref="Variable"/>.</param>
    /// <param name="here">The working folder.</param>
    /// <param name="tool">The tool's own folder, looked into last; null: not.</param>
    public static string Resolve(string? named, string? variable, string here, string? tool = null)
    {
        if (!string.IsNullOrEmpty(named))
            return Existing(named, "--model");
        if (!string.IsNullOrEmpty(variable))
            return Existing(variable, Variable);
        return AboveOrNull(here)
            ?? (tool is null ? null : Single(tool))
            ?? throw new XDistilException(
                $"no model: give --model FOLDER, or set {Variable}=FOLDER, or put one folder with a config.json under weights/ in {here} or a folder above it."
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
