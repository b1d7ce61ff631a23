namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>The closed list of names that a pickle may refer to. A name that is not here is an error, and nothing else is ever called.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> Known = new PickleGlobal[]
    {
        new("collections.OrderedDict", PickleConstructor.OrderedDict),
        new("torch._utils._rebuild_tensor_v2", PickleConstructor.RebuildTensor),
        new("torch._utils._rebuild_parameter", PickleConstructor.RebuildParameter),
        new("torch.FloatStorage", PickleConstructor.Storage, DType.F32),
        new("torch.HalfStorage", PickleConstructor.Storage, DType.F16),
        new("torch.BFloat16Storage", PickleConstructor.Storage, DType.BF16),
        new("torch.DoubleStorage", PickleConstructor.Storage, DType.F64),
        new("torch.LongStorage", PickleConstructor.Storage, DType.I64),
        new("torch.IntStorage", PickleConstructor.Storage, DType.I32),
        new("torch.ShortStorage", PickleConstructor.Storage, DType.I16),
        new("torch.CharStorage", PickleConstructor.Storage, DType.I8),
        new("torch.ByteStorage", PickleConstructor.Storage, DType.U8),
        new("torch.BoolStorage", PickleConstructor.Storage, DType.Bool),
    }.ToDictionary(global => global.Name, StringComparer.Ordinal);

    public static PickleGlobal? Find(string module, string name) => Known.GetValueOrDefault($"{module}.{name}");
}
