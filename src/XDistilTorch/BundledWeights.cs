namespace XDistilTorch;

/// <summary>Model folders under <c>weights/</c> of another folder. The package XDistilTorch.Weights puts one beside the application.</summary>
public static class BundledWeights
{
    /// <summary>The name of the folder that holds model folders.</summary>
    public const string FolderName = "weights";

    /// <summary>The package that brings the bundled model.</summary>
    public const string Package = "XDistilTorch.Weights";

    /// <summary>The model folders under <c>weights/</c> of a folder, by name; none where there is no such folder.</summary>
    /// <param name="folder">The folder above <c>weights/</c>.</param>
    public static IReadOnlyList<string> Under(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var weights = Path.Combine(folder, FolderName);
        return Directory.Exists(weights)
            ?
            [
                .. Directory
                    .GetDirectories(weights)
                    .Where(f => File.Exists(Path.Combine(f, PretrainedModel.ConfigFile)))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>The model folder beside the application.</summary>
    /// <exception cref="XDistilException">There is none, or there are several.</exception>
    public static string BesideApplication() => Only(AppContext.BaseDirectory);

    internal static string Only(string folder) =>
        Under(folder) switch
        {
            [var one] => one,
            [] => throw new XDistilException(
                $"{Path.Combine(folder, FolderName)}: holds no model, expected one folder with a config.json. Reference the package {Package} in the program's project, or load a folder by name with QuestionAnswerer.FromPretrained."
            ),
            var several => throw new XDistilException(
                $"{Path.Combine(folder, FolderName)}: holds {several.Count} models, expected one; load one of them by name with QuestionAnswerer.FromPretrained:\n  {string.Join("\n  ", several)}"
            ),
        };
}
