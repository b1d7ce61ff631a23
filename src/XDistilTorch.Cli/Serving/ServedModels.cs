using XDistilTorch.Server;

namespace XDistilTorch.Cli.Serving;

/// <summary>The models that a command serves, under the names that clients ask for.</summary>
internal static class ServedModels
{
    /// <summary>Folders under their own names, models of the hub under theirs: such a folder's name is that of a commit. Only of several revisions of one model that is what tells them apart.</summary>
    /// <param name="named">The values of <c>--model</c>; null: the usual model.</param>
    /// <param name="terminal">Is told of a download.</param>
    /// <exception cref="XDistilException">One cannot be had.</exception>
    public static IReadOnlyList<ServedModel> Of(IReadOnlyList<string?> named, Terminal terminal)
    {
        var models = named.Select(name => (Hub: ModelFolders.OfHub(name)?.Name, Folder: ModelFolders.Resolve(name, terminal))).ToList();
        return
        [
            .. models.Select(model =>
                model.Hub is { } name && models.Count(other => other.Hub == name) == 1
                    ? new ServedModel(name, model.Folder)
                    : ServedModel.FromFolder(model.Folder)
            ),
        ];
    }
}
