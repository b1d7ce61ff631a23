using TorchSharp.Modules;
using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>A module that computes nothing: a tree of sub-modules and parameters made from dotted names.</summary>
internal sealed class TensorTree : nn.Module
{
    private readonly Dictionary<string, TensorTree> branches = [];

    private TensorTree(string name)
        : base(name) { }

    /// <summary>A module with these parameters, filled with <paramref name="value"/>.</summary>
    public static TensorTree Of(
        IEnumerable<(string Name, long[] Shape)> parameters,
        ScalarType dtype = ScalarType.Float32,
        double value = 0.5
    )
    {
        var tree = new TensorTree("tree");
        foreach (var (name, shape) in parameters)
            tree.Add(name, new Parameter(full(shape, value, dtype)));
        return tree;
    }

    /// <summary>A module with the parameters that a file has.</summary>
    public static TensorTree Like(string path, ScalarType dtype = ScalarType.Float32)
    {
        using var file = SafeTensors.Open(path);
        return Of(file.Tensors.Values.Select(t => (t.Name, t.Shape.ToArray())), dtype);
    }

    public Dictionary<string, Parameter> Parameters => named_parameters().ToDictionary(p => p.name, p => p.parameter);

    private void Add(string name, Parameter parameter)
    {
        if (name.Split('.', 2) is not [var first, var rest])
        {
            register_parameter(name, parameter);
            return;
        }
        if (!branches.TryGetValue(first, out var child))
        {
            branches.Add(first, child = new TensorTree(first));
            register_module(first, child);
        }
        child.Add(rest, parameter);
    }
}
