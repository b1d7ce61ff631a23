using System.Runtime.InteropServices;
using XDistilTorch.Checkpoints;
using XDistilTorch.Engines.Packed;
using XDistilTorch.Modeling;

namespace XDistilTorch;

/// <summary>A model's numbers straight from its files: no module tree is made, and libtorch is not needed.</summary>
internal static class StoredModel
{
    /// <summary>The numbers; they stay where they are until they are copied, which needs the files to be open.</summary>
    /// <param name="files">The model's.</param>
    /// <param name="report">What is loaded.</param>
    /// <exception cref="CheckpointException">The weights do not fit the config, or are damaged.</exception>
    /// <exception cref="ConfigException">The config's values do not go together.</exception>
    public static ModelNumbers Read(PretrainedFiles files, out LoadReport report)
    {
        files.Config.ThrowOnFaults();
        var stored = CheckpointLoader.Find(
            BertParameters
                .Of(files.Config)
                .Select(parameter => new ExpectedTensor(parameter.Name, parameter.Shape, TorchSharp.torch.ScalarType.Float32)),
            files.Checkpoint,
            new LoadOptions { ShapedBy = PretrainedFiles.ConfigFile },
            out report
        );
        return Arrange(stored, files.Config);
    }

    private static ModelNumbers Arrange(IReadOnlyDictionary<string, StoredTensor> stored, BertConfig config)
    {
        const string Embeddings = "bert.embeddings.";
        return new ModelNumbers(
            Of(Embeddings + "word_embeddings.weight"),
            Of(Embeddings + "token_type_embeddings.weight"),
            Of(Embeddings + "position_embeddings.weight"),
            Norm(Embeddings + "LayerNorm"),
            [.. Enumerable.Range(0, config.NumHiddenLayers).Select(i => Layer(BertParameters.LayerPrefix(i)))],
            Linear("qa_outputs")
        );

        LayerNumbers Layer(string prefix) =>
            new(
                Linear(prefix + "attention.self.query"),
                Linear(prefix + "attention.self.key"),
                Linear(prefix + "attention.self.value"),
                Linear(prefix + "attention.output.dense"),
                Norm(prefix + "attention.output.LayerNorm"),
                Linear(prefix + "intermediate.dense"),
                Linear(prefix + "output.dense"),
                Norm(prefix + "output.LayerNorm")
            );

        LinearNumbers Linear(string name) => new(Of(name + ".weight"), Of(name + ".bias"));

        LayerNormNumbers Norm(string name) => new(Of(name + ".weight"), Of(name + ".bias"), config.LayerNormEps);

        INumbers Of(string name) => new StoredNumbers(stored[name]);
    }

    // They are of some type of floating point: the checkpoint was compared with what was expected.
    private sealed record StoredNumbers(StoredTensor Stored) : INumbers
    {
        public IReadOnlyList<long> Shape => Stored.Entry.Shape;

        public void CopyTo(Span<float> destination) => Stored.CopyTo(destination);

        public bool TryCopyHalves(Span<ushort> destination) =>
            Stored.Entry.DType == DType.F16 && Stored.TryCopyBytes(MemoryMarshal.AsBytes(destination));
    }
}
