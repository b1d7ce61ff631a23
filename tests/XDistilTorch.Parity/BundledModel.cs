using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>The bundled model, loaded once for a class of tests.</summary>
public sealed class BundledModel : IDisposable
{
    private QuestionAnswerer? answerer;

    public static string Folder => Directory.GetDirectories(Path.Combine(GoldenFolder.Repository, "weights")).Single();

    public QuestionAnswerer Answerer => answerer ??= QuestionAnswerer.FromPretrained(Folder);

    public void Dispose() => answerer?.Dispose();
}
