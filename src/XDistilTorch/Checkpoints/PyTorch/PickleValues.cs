namespace XDistilTorch.Checkpoints.PyTorch;

// What a pickle may hold besides null, bool, long, BigInteger, double and string. None of these types does anything.

/// <summary>A tuple.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public object?[] Items => items;
}

/// <summary>A list.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A dict or OrderedDict; keys may stand twice, and are not compared or hashed.</summary>
internal sealed class PickleDict(bool ordered)
{
    /// <summary>Whether it is an OrderedDict, which may carry attributes (a state dict's <c>_metadata</c>).</summary>
    public bool Ordered => ordered;

    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>A name from the closed list; other names do not become values.</summary>
internal sealed record PickleGlobal(string Name, PickleConstructor Constructor, DType? Storage = null);

/// <summary>All that can be called, or stand for a type of storage.</summary>
internal enum PickleConstructor
{
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage,
}

/// <summary>A block of elements that tensors share; its data lies elsewhere in the file.</summary>
internal sealed record PickleStorage(string Key, DType DType, long Count);

/// <summary>A tensor: a strided view of a storage, in elements; checked to lie within it.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>Names of values for messages.</summary>
internal static class PickleWording
{
    public static string Describe(object? value) =>
        value switch
        {
            null => "None",
            bool => "a bool",
            long or System.Numerics.BigInteger => "an int",
            double => "a float",
            string => "a str",
            PickleTuple => "a tuple",
            PickleList => "a list",
            PickleDict { Ordered: true } => "an OrderedDict",
            PickleDict => "a dict",
            PickleGlobal global => global.Name,
            PickleStorage => "a storage",
            PickleTensor => "a tensor",
            _ => throw new ArgumentException($"{value.GetType().Name} is no value of a pickle.", nameof(value)),
        };
}
