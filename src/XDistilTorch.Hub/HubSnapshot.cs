namespace XDistilTorch.Hub;

/// <summary>A model as it lies in the cache.</summary>
/// <param name="Model">What was asked for.</param>
/// <param name="Commit">The commit that its revision stands for.</param>
/// <param name="Folder">The folder with the files, a model folder in Hugging Face layout. Its files are links: copy them before changing them.</param>
/// <param name="Files">The files that are used here.</param>
public sealed record HubSnapshot(HubModel Model, string Commit, string Folder, IReadOnlyList<HubFile> Files);

/// <summary>A file of a snapshot.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Fetched">Whether it came over the network just now; else the cache had it.</param>
public sealed record HubFile(string Name, long Bytes, bool Fetched);
