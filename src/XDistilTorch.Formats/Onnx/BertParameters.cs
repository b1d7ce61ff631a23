using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Formats.Onnx;

/// <summary>The parameters of a model that is what its config says: whoever replaced a part computes something that this graph would not.</summary>
internal sealed class BertParameters
{
    private const int MostFaults = 5;

    private readonly Dictionary<string, Tensor> parameters;

    /// <exception cref="OnnxException">A part was replaced or has another shape than the config gives it.</exception>
    public BertParameters(BertForQuestionAnswering model)
    {
        Config = model.Config;
        parameters = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter, StringComparer.Ordinal);
        var faults = Replaced(model).Concat(Misfits()).ToList();
        if (faults.Count > 0)
            throw new OnnxException(
                $"the model is not what its config says, and a graph made by the config would give other logits:\n  {string.Join("\n  ", faults.Take(MostFaults))}"
                    + $"{(faults.Count > MostFaults ? "\n  ..." : "")}\nExport the model without replaced, pruned or added parts."
            );
    }

    public BertConfig Config { get; }

    /// <summary>What all of them take in fp32.</summary>
    public long Bytes => parameters.Values.Sum(parameter => parameter.numel()) * sizeof(float);

    /// <summary>A parameter's numbers row by row, in fp32.</summary>
    public float[] Values(string name)
    {
        using var scope = NewDisposeScope();
        return parameters[name].detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>The weight of a linear layer as a graph multiplies with it, [outputs, inputs] -> [inputs, outputs].</summary>
    public Matrix Weight(string module) => Joined(module);

    /// <summary>Weights of several linear layers side by side, [inputs, sum of outputs].</summary>
    public Matrix Joined(params string[] modules)
    {
        using var scope = NewDisposeScope();
        var weight = cat([.. modules.Select(m => parameters[$"{m}.weight"].detach().to(ScalarType.Float32).cpu())], 0).t().contiguous();
        return new Matrix(weight.data<float>().ToArray(), (int)weight.shape[0], (int)weight.shape[1]);
    }

    private static IEnumerable<string> Replaced(BertForQuestionAnswering model) =>
        model
            .named_modules()
            .Where(m => !IsKnown(m.module))
            .Select(m => $"{m.name} is a {m.module.GetType().Name}, expected the part it was made with");

    private static bool IsKnown(nn.Module module) =>
        module is TorchSharp.Modules.Linear or TorchSharp.Modules.Embedding or TorchSharp.Modules.LayerNorm or TorchSharp.Modules.Dropout
        || module.GetType().Assembly == typeof(BertForQuestionAnswering).Assembly;

    private IEnumerable<string> Misfits()
    {
        var expected = Shapes().ToDictionary(s => s.Name, s => s.Shape, StringComparer.Ordinal);
        foreach (var (name, shape) in expected)
            if (!parameters.TryGetValue(name, out var parameter))
                yield return $"{name} is missing";
            else if (!parameter.shape.AsSpan().SequenceEqual(shape))
                yield return $"{name} is [{string.Join(", ", parameter.shape)}], expected [{string.Join(", ", shape)}]";
        foreach (var name in parameters.Keys.Where(name => !expected.ContainsKey(name)))
            yield return $"{name} is not of this architecture";
    }

    private IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        long hidden = Config.HiddenSize,
            intermediate = Config.IntermediateSize;
        const string Embeddings = "bert.embeddings";
        yield return ($"{Embeddings}.word_embeddings.weight", [Config.VocabSize, hidden]);
        yield return ($"{Embeddings}.position_embeddings.weight", [Config.MaxPositionEmbeddings, hidden]);
        yield return ($"{Embeddings}.token_type_embeddings.weight", [Config.TypeVocabSize, hidden]);
        foreach (var part in Norm(Embeddings))
            yield return part;
        for (var layer = 0; layer < Config.NumHiddenLayers; layer++)
        {
            var at = $"bert.encoder.layer.{layer}";
            (string, long, long)[] linear =
            [
                ("attention.self.query", hidden, hidden),
                ("attention.self.key", hidden, hidden),
                ("attention.self.value", hidden, hidden),
                ("attention.output.dense", hidden, hidden),
                ("intermediate.dense", intermediate, hidden),
                ("output.dense", hidden, intermediate),
            ];
            foreach (var part in linear.SelectMany(l => Linear($"{at}.{l.Item1}", l.Item2, l.Item3)))
                yield return part;
            foreach (var part in Norm($"{at}.attention.output").Concat(Norm($"{at}.output")))
                yield return part;
        }
        foreach (var part in Linear("qa_outputs", 2, hidden))
            yield return part;

        static IEnumerable<(string, long[])> Linear(string module, long outputs, long inputs) =>
            [($"{module}.weight", [outputs, inputs]), ($"{module}.bias", [outputs])];

        IEnumerable<(string, long[])> Norm(string module) =>
            [($"{module}.LayerNorm.weight", [hidden]), ($"{module}.LayerNorm.bias", [hidden])];
    }
}
