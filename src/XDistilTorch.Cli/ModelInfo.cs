using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Cli;

/// <summary>What <c>xdistil model info</c> says of a folder; every part is tried, so that a broken one does not hide the others.</summary>
internal sealed record ModelInfo
{
    [JsonPropertyName("folder")]
    public required string Folder { get; init; }

    [JsonPropertyName("ok")]
    public bool Ok => Problems.Count == 0;

    [JsonPropertyName("problems")]
    public required IReadOnlyList<string> Problems { get; init; }

    [JsonPropertyName("config")]
    public required ConfigInfo? Config { get; init; }

    [JsonPropertyName("parameters")]
    public required IReadOnlyDictionary<string, long> Parameters { get; init; }

    [JsonPropertyName("dtypes")]
    public required IReadOnlyList<string> DTypes { get; init; }

    [JsonPropertyName("tokenizer")]
    public required string? Tokenizer { get; init; }

    [JsonPropertyName("notes")]
    public required IReadOnlyList<string> Notes { get; init; }

    [JsonPropertyName("files")]
    public required IReadOnlyList<FileInfoRecord> Files { get; init; }

    [JsonPropertyName("device")]
    public required string? Device { get; init; }

    [JsonPropertyName("engine")]
    public required string? Engine { get; init; }

    [JsonPropertyName("versions")]
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The config in short.</summary>
    internal sealed record ConfigInfo(
        [property: JsonPropertyName("architectures")] IReadOnlyList<string> Architectures,
        [property: JsonPropertyName("num_hidden_layers")] int Layers,
        [property: JsonPropertyName("hidden_size")] int HiddenSize,
        [property: JsonPropertyName("num_attention_heads")] int Heads,
        [property: JsonPropertyName("pruned_heads")] IReadOnlyDictionary<int, IReadOnlyList<int>> PrunedHeads,
        [property: JsonPropertyName("intermediate_size")] int IntermediateSize,
        [property: JsonPropertyName("hidden_act")] string Activation,
        [property: JsonPropertyName("max_position_embeddings")] int MaxPositions,
        [property: JsonPropertyName("vocab_size")] int VocabSize,
        [property: JsonPropertyName("defaulted")] IReadOnlyList<string> Defaulted,
        [property: JsonPropertyName("ignored")] IReadOnlyList<string> Ignored
    );

    /// <summary>One file of the folder.</summary>
    internal sealed record FileInfoRecord(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("bytes")] long Bytes,
        [property: JsonPropertyName("sha256")] string Sha256
    );

    public static ModelInfo Of(string folder, string deviceName) => new Inspection(folder, deviceName).Run();

    private sealed class Inspection(string folder, string deviceName)
    {
        private readonly List<string> problems = [];
        private readonly List<string> notes = [];
        private string? engine;
        private readonly Dictionary<string, long> parameters = [];

        public ModelInfo Run()
        {
            var config = Try(() => BertConfig.FromFile(Path.Combine(folder, "config.json")));
            var tokenizer = Try(() => BertTokenizer.FromPretrained(folder));
            var dtypes = Try(Stored) ?? [];
            var device = Try(() => TorchDevice.Parse(deviceName).ToString());
            // Only a folder whose parts are sound is loaded whole; its faults would be said twice.
            if (problems.Count == 0)
                Try(LoadWhole);
            var files = Files();
            return new ModelInfo
            {
                Folder = Path.GetFullPath(folder),
                Problems = [.. problems.Distinct()],
                Config = config is null ? null : Short(config),
                Parameters = parameters,
                DTypes = dtypes,
                Tokenizer = tokenizer is null ? null : Describe(tokenizer),
                Notes = [.. (tokenizer?.LoadNotes ?? []).Concat(notes)],
                Files = files,
                Device = device,
                Engine = engine,
                Versions = Versions(),
            };
        }

        private T? Try<T>(Func<T> part)
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

        private List<string> Stored()
        {
            using var checkpoint = Checkpoint.Open(folder);
            return [.. checkpoint.Tensors.Values.GroupBy(t => t.DType).Select(g => $"{g.Key} ({g.Count()} tensors)")];
        }

        private string LoadWhole()
        {
            using var answerer = QuestionAnswerer.FromPretrained(folder, new LoadingOptions { Device = deviceName });
            engine = $"{answerer.EngineChoice.Kind.ToString().ToLowerInvariant()}: {answerer.EngineChoice.Reason}";
            foreach (var (name, parameter) in answerer.Model.named_parameters())
            {
                var part =
                    name.StartsWith("bert.embeddings", StringComparison.Ordinal) ? "embeddings"
                    : name.StartsWith("bert.encoder", StringComparison.Ordinal) ? "encoder"
                    : "question-answering head";
                parameters[part] = parameters.GetValueOrDefault(part) + parameter.numel();
            }
            parameters["all"] = parameters.Values.Sum();
            notes.AddRange(answerer.LoadReport.Notes);
            return folder;
        }

        private static ConfigInfo Short(BertConfig c) =>
            new(
                c.Architectures,
                c.NumHiddenLayers,
                c.HiddenSize,
                c.NumAttentionHeads,
                c.PrunedHeads,
                c.IntermediateSize,
                c.HiddenAct,
                c.MaxPositionEmbeddings,
                c.VocabSize,
                c.Defaulted,
                c.Ignored
            );

        private static string Describe(BertTokenizer tokenizer)
        {
            var options = tokenizer.Options;
            return $"WordPiece, {tokenizer.Vocabulary.Count} entries, {(options.LowerCase ? "lower-cased" : "cased")}, "
                + $"accents {(options.StripsAccents ? "stripped" : "kept")}, ideographs {(options.TokenizeChineseChars ? "split" : "not split")}";
        }

        private IReadOnlyList<FileInfoRecord> Files() =>
            Directory.Exists(folder)
                ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(f => Try(() => Hashed(f))).OfType<FileInfoRecord>()]
                : [];

        private static FileInfoRecord Hashed(string path)
        {
            try
            {
                using var file = File.OpenRead(path);
                return new FileInfoRecord(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new XDistilException($"{path}: cannot be read: {e.Message}", e);
            }
        }

        private static Dictionary<string, string> Versions() =>
            new()
            {
                ["XDistilTorch"] = Version(typeof(QuestionAnswerer).Assembly),
                ["TorchSharp"] = $"{Version(typeof(torch).Assembly)}, libtorch {LibTorch()}",
                [".NET"] = RuntimeInformation.FrameworkDescription,
                ["system"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
            };

        private static string LibTorch()
        {
            try
            {
                TorchRuntime.EnsureLoaded();
                return TorchRuntime.LibTorchVersion;
            }
            catch (TorchLoadException)
            {
                return "cannot be loaded"; // said among the problems
            }
        }

        private static string Version(Assembly assembly) =>
            assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
    }
}

/// <summary>JSON of <see cref="ModelInfo"/>.</summary>
[JsonSerializable(typeof(ModelInfo))]
internal sealed partial class ModelInfoJsonContext : JsonSerializerContext
{
    public static ModelInfoJsonContext OneLine { get; } = new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance });
}
