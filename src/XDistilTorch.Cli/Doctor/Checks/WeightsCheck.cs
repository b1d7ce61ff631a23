using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Inspection;
using XDistilTorch.Modeling;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Whether the model folder has config, vocabulary and weights that can be read, and whether the weights are those that its training.json states.</summary>
/// <param name="folder">The model folder.</param>
internal sealed class WeightsCheck(Func<string> folder) : ICheck
{
    private const string Remedy =
        "Copy or install the model again, or name another folder with --model or XDISTIL_MODEL; `xdistil model info` shows all of a folder.";

    public string Name => CheckNames.Weights;

    public Finding Run()
    {
        string path;
        try
        {
            path = folder();
        }
        catch (XDistilException e)
        {
            return Finding.Failed(
                e.Message,
                "The tool's package has a model; a program of your own gets it from the package XDistilTorch.Weights."
            );
        }
        List<string> problems = [];
        Try(() => BertConfig.FromFile(Path.Combine(path, "config.json")), problems);
        Try(() => BertTokenizer.FromPretrained(path), problems);
        var files = Try(() => WeightFiles(path), problems) ?? [];
        var hashes = problems.Count == 0 ? Try(() => Compare(path, files), problems) : null;
        return problems.Count > 0
            ? Finding.Failed(string.Join("; ", problems), Remedy)
            : Finding.Ok($"{path}: {ByteSize.Of(files.Sum(file => new FileInfo(file).Length))} of weights, {hashes}");
    }

    private static T? Try<T>(Func<T> part, List<string> problems)
        where T : class
    {
        try
        {
            return part();
        }
        catch (XDistilException e)
        {
            problems.Add(e.Message);
            return null;
        }
    }

    private static string[] WeightFiles(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return [.. checkpoint.Tensors.Values.Select(tensor => tensor.File).Distinct()];
    }

    private static string Compare(string folder, string[] files)
    {
        if (files is not [var file] || Stated(Path.Combine(folder, "training.json")) is not { } stated)
            return "no hash stated to compare with";
        var hash = FileHash.OfFile(file);
        return hash == stated
            ? "SHA-256 as training.json states"
            : throw new XDistilException($"{file}: has SHA-256 {hash}, expected {stated} (training.json): it was changed or copied badly");
    }

    private static string? Stated(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using var training = JsonDocument.Parse(File.ReadAllBytes(file));
            return
                training.RootElement.ValueKind == JsonValueKind.Object
                && training.RootElement.TryGetProperty("model_sha256", out var hash)
                && hash.ValueKind == JsonValueKind.String
                ? hash.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new XDistilException($"{file}: cannot be read: {e.Message}", e);
        }
    }
}
