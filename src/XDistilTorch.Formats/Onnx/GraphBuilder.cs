using System.Runtime.InteropServices;
using Google.Protobuf;
using XDistilTorch.Formats.Onnx.Schema;
using static XDistilTorch.Formats.Onnx.Schema.TensorProto.Types;

namespace XDistilTorch.Formats.Onnx;

/// <summary>Collects the nodes and constants of one graph. A value is known by its name; a node with one output gives it the node's own.</summary>
internal sealed class GraphBuilder(string name)
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string OnnxRuntime = "com.microsoft";

    private readonly HashSet<string> constants = new(StringComparer.Ordinal);

    public GraphProto Graph { get; } = new() { Name = name };

    /// <summary>Adds an operator with one output, and gives that output's name, which is the node's.</summary>
    public string Add(string name, string operation, string[] inputs, params AttributeProto[] attributes) =>
        Add(name, "", operation, inputs, [name], attributes);

    /// <summary>The same with one of ONNX Runtime's own operators.</summary>
    public string AddFused(string name, string operation, string[] inputs, params AttributeProto[] attributes) =>
        Add(name, OnnxRuntime, operation, inputs, [name], attributes);

    /// <summary>Adds an operator of any domain with several outputs of the names given, "" for one that is not wanted; gives the first.</summary>
    public string Add(string name, string domain, string operation, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto
        {
            Name = name,
            Domain = domain,
            OpType = operation,
        };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes);
        Graph.Node.Add(node);
        return outputs[0];
    }

    public void Input(string name, DataType type, params object[] shape) => Graph.Input.Add(Value(name, type, shape));

    public void Output(string name, DataType type, params object[] shape) => Graph.Output.Add(Value(name, type, shape));

    /// <summary>Says the shape of a value on the way, for those who look at the graph.</summary>
    public void Describe(string name, DataType type, params object[] shape) => Graph.ValueInfo.Add(Value(name, type, shape));

    // A number is a dimension that is known, a text the name of one that is not.
    private static ValueInfoProto Value(string name, DataType type, object[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        foreach (var dimension in shape)
            tensor.Shape.Dim.Add(
                dimension is string unknown
                    ? new TensorShapeProto.Types.Dimension { DimParam = unknown }
                    : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension, null) }
            );
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = tensor },
        };
    }

    public string Floats(string name, ReadOnlySpan<float> values, params long[] shape) =>
        Tensor(name, DataType.Float, MemoryMarshal.AsBytes(values), shape);

    public string Int8(string name, ReadOnlySpan<sbyte> values, params long[] shape) =>
        Tensor(name, DataType.Int8, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A constant of one number, shared by all who ask for that number.</summary>
    public string Float(float value) => Shared(FormattableString.Invariant($"float/{value:R}"), n => Floats(n, [value]));

    /// <summary>A constant list of whole numbers, shared by all who ask for that list.</summary>
    public string Longs(params long[] values) =>
        Shared($"int64/{string.Join(',', values)}", n => Tensor(n, DataType.Int64, MemoryMarshal.AsBytes<long>(values), [values.Length]));

    private string Shared(string name, Action<string> add)
    {
        if (constants.Add(name))
            add(name);
        return name;
    }

    private string Tensor(string name, DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(bytes),
        };
        tensor.Dims.AddRange(shape.ToArray());
        Graph.Initializer.Add(tensor);
        return name;
    }

    public static AttributeProto Attribute(string name, long value) =>
        new()
        {
            Name = name,
            I = value,
            Type = AttributeProto.Types.AttributeType.Int,
        };

    public static AttributeProto Attribute(string name, float value) =>
        new()
        {
            Name = name,
            F = value,
            Type = AttributeProto.Types.AttributeType.Float,
        };

    public static AttributeProto Attribute(string name, string value) =>
        new()
        {
            Name = name,
            S = ByteString.CopyFromUtf8(value),
            Type = AttributeProto.Types.AttributeType.String,
        };

    public static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}
