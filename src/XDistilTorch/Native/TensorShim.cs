using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace XDistilTorch.Native;

/// <summary>
/// PyTorch's own C interface (<c>torch/csrc/inductor/aoti_torch/c/shim.h</c>), which libtorch exports beside the C++ one: the way to operators that TorchSharp does
/// not have. A tensor's <c>Handle</c> is the pointer that it wants.
/// </summary>
internal static unsafe partial class TensorShim
{
    private const string Library = "torch_cpu";

    private static readonly Lazy<bool> Counting = new(() => Has("aoti_torch_new_tensor_handle", "aoti_torch_call_dispatcher")),
        Quantized = new(() => CountsWrites && Has("aoti_torch_cpu__qlinear_pointwise_tensor"));

    static TensorShim() => NativeLibrary.SetDllImportResolver(typeof(TensorShim).Assembly, Resolve);

    /// <summary>Whether this libtorch has what <see cref="Version"/> needs.</summary>
    public static bool CountsWrites => Counting.Value;

    /// <summary>Whether this libtorch has what products of bytes need.</summary>
    public static bool HasQuantizedProduct => Quantized.Value;

    /// <summary>How often a tensor's numbers were written by torch operations, as autograd counts it; null for tensors made in inference mode, which are not counted.</summary>
    public static long? Version(Tensor tensor)
    {
        // The dispatcher takes ownership of what it is given.
        if (NewHandle(tensor.Handle, out var own) != 0)
            return null;
        var stack = (ulong)own;
        return CallDispatcher("aten::_version", "", &stack) == 0 ? (long)stack : null;
    }

    /// <summary>Whether a tensor was made in inference mode. To ask its <see cref="Version"/> would make libtorch write to standard error.</summary>
    public static bool IsInference(Tensor tensor)
    {
        if (NewHandle(tensor.Handle, out var own) != 0)
            return false;
        var stack = (ulong)own;
        return CallDispatcher("aten::is_inference", "", &stack) == 0 && (byte)stack != 0;
    }

    /// <summary>int8 weights [outputs, inputs] in oneDNN's order.</summary>
    public static Tensor PrepackWeights(Tensor weights)
    {
        Check(NewHandle(weights.Handle, out var own), "aoti_torch_new_tensor_handle");
        var stack = stackalloc ulong[] { (ulong)own, 0 }; // no shape of the input: it varies
        Check(CallDispatcher("onednn::qlinear_prepack", "", stack), "onednn::qlinear_prepack");
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    /// <summary>bytes x^T weights, times the weights' scales, as floats: [rows, inputs] and packed weights -> [rows, outputs].</summary>
    /// <param name="bytes">uint8 [rows, inputs].</param>
    /// <param name="one">A float 1: the step of the bytes.</param>
    /// <param name="zero">An int32 0: the byte that stands for zero.</param>
    /// <param name="weights">From <see cref="PrepackWeights"/>.</param>
    /// <param name="scales">Float [outputs].</param>
    /// <param name="zeros">int32 zeros [outputs].</param>
    public static Tensor QuantizedProduct(Tensor bytes, Tensor one, Tensor zero, Tensor weights, Tensor scales, Tensor zeros)
    {
        var type = (int)ScalarType.Float32;
        Check(
            QuantizedLinear(
                bytes.Handle,
                one.Handle,
                zero.Handle,
                weights.Handle,
                scales.Handle,
                zeros.Handle,
                null,
                1,
                0,
                &type,
                "none",
                null,
                0,
                "",
                out var result
            ),
            "onednn::qlinear_pointwise"
        );
        return Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>
    /// From now on libtorch's operators compute on the calling thread alone where this thread calls them; other threads are as they were. Does nothing where libtorch's
    /// OpenMP library cannot be reached through it.
    /// </summary>
    public static void ComputeAlone()
    {
        // libtorch sets each thread's number of threads once, at the first call: it has to be before ours.
        _ = get_num_threads();
        // OpenMP's library is not named here: it is looked up among those that libtorch depends on.
        if (
            NativeLibrary.TryLoad(Library, typeof(torch).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "omp_set_num_threads", out var set)
        )
            ((delegate* unmanaged<int, void>)set)(1);
    }

    private static void Check(int error, string operation)
    {
        if (error != 0)
            throw new InvalidOperationException($"libtorch's {operation} failed; its message went to standard error.");
    }

    private static bool Has(params ReadOnlySpan<string> symbols)
    {
        if (!TorchRuntime.TryLoad())
            return false;
        var library = Resolve(Library, typeof(torch).Assembly, null);
        if (library == 0)
            return false;
        foreach (var symbol in symbols)
            if (!NativeLibrary.TryGetExport(library, symbol, out _))
                return false;
        return true;
    }

    // Where TorchSharp's own library found it.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library && NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out var library) ? library : 0;

    [LibraryImport(Library, EntryPoint = "aoti_torch_new_tensor_handle")]
    private static partial int NewHandle(nint tensor, out nint copy);

    [LibraryImport(Library, EntryPoint = "aoti_torch_call_dispatcher", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CallDispatcher(string operation, string overload, ulong* stack);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu__qlinear_pointwise_tensor", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int QuantizedLinear(
        nint x,
        nint scale,
        nint zeroPoint,
        nint weight,
        nint weightScales,
        nint weightZeroPoints,
        nint* bias,
        double outputScale,
        long outputZeroPoint,
        int* outputType,
        string postOperation,
        double** postArguments,
        long postArgumentCount,
        string postAlgorithm,
        out nint result
    );
}
