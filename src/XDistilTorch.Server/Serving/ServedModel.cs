using System.Text.RegularExpressions;

namespace XDistilTorch.Server;

/// <summary>A model folder under the name that clients ask for.</summary>
/// <param name="Name">Letters, digits, dots, dashes and underscores; <c>ORG/NAME</c> too.</param>
/// <param name="Folder">The folder in Hugging Face layout.</param>
public sealed partial record ServedModel(string Name, string Folder)
{
    /// <summary>A folder under its own name.</summary>
    public static ServedModel FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new ServedModel(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), folder);
    }

    /// <summary>Refuses names that no client could ask for, and names that are taken.</summary>
    /// <exception cref="XDistilException">One is wrong.</exception>
    internal static void Check(IReadOnlyList<ServedModel> models)
    {
        if (models.Count == 0)
            throw new XDistilException("no model is to be served, expected one at least.");
        foreach (var model in models)
            if (!Usable().IsMatch(model.Name))
                throw new XDistilException(
                    $"{model.Folder}: a model cannot be served as \"{model.Name}\", expected letters, digits, dots, dashes and underscores. Rename the folder."
                );
        if (models.GroupBy(model => model.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new XDistilException(
                $"two models are to be served as \"{twice.Key}\": {string.Join(" and ", twice.Select(model => model.Folder))}. Rename one of the folders."
            );
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)?$")]
    private static partial Regex Usable();
}
