using XDistilTorch.Engines.Packed;
using XDistilTorch.Formats.Onnx;
using XDistilTorch.Modeling;

namespace XDistilTorch.Bench.Rivals;

/// <summary>The graphs that rivals run, written from a model's weights: into a temporary folder, or one that is kept.</summary>
internal sealed class RivalGraphs : IDisposable
{
    private readonly bool kept;

    /// <param name="model">The weights.</param>
    /// <param name="keep">The folder to keep the graphs in, so that other rivals can be measured on them; null: none.</param>
    public RivalGraphs(BertForQuestionAnswering model, string? keep = null)
    {
        kept = keep is not null;
        Folder = keep is null ? Directory.CreateTempSubdirectory("xdistil-rivals-").FullName : Directory.CreateDirectory(keep).FullName;
        model.ExportOnnx(Plain, new OnnxOptions());
        model.ExportOnnx(Fused, new OnnxOptions { Operators = OnnxOperators.OnnxRuntime });
        foreach (var (path, operators) in new[] { (PlainInt8, OnnxOperators.Standard), (FusedInt8, OnnxOperators.OnnxRuntime) })
            model.ExportOnnx(
                path,
                new OnnxOptions
                {
                    Operators = operators,
                    Quantized = true,
                    ReduceRange = ReduceRange,
                }
            );
    }

    /// <summary>Seven bits where the processor would overflow with eight, as ONNX Runtime's documentation advises.</summary>
    public static bool ReduceRange { get; } = !Int8Support.HasVnni;

    public string Folder { get; }

    /// <summary>ONNX's own operators, fp32.</summary>
    public string Plain => Path.Combine(Folder, "plain.onnx");

    /// <summary>ONNX Runtime's fused operators, fp32.</summary>
    public string Fused => Path.Combine(Folder, "fused.onnx");

    /// <summary>ONNX's own operators, int8.</summary>
    public string PlainInt8 => Path.Combine(Folder, "plain-int8.onnx");

    /// <summary>ONNX Runtime's fused operators, int8.</summary>
    public string FusedInt8 => Path.Combine(Folder, "fused-int8.onnx");

    public void Dispose()
    {
        if (!kept)
            Directory.Delete(Folder, recursive: true);
    }
}
