using XDistilTorch.Formats.Onnx;
using XDistilTorch.Formats.Onnx.Schema;
using XDistilTorch.Tests.Checkpoints;
using XDistilTorch.Tests.Modeling;

namespace XDistilTorch.Tests.Onnx;

/// <summary>Written graphs as files: what ONNX asks of every graph, and what each kind is made of.</summary>
public sealed class OnnxGraphTests : IDisposable
{
    private const int Layers = 2;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<OnnxOperators, bool> Kinds =>
        new MatrixTheoryData<OnnxOperators, bool>(Enum.GetValues<OnnxOperators>(), [false, true]);

    private ModelProto Export(OnnxOperators operators, bool quantized)
    {
        using var model = TinyModel.Random(Layers);
        var path = folder.At("model.onnx");
        model.ExportOnnx(path, new OnnxOptions { Operators = operators, Quantized = quantized });
        folder.Names.Should().Equal("model.onnx");
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Names_are_unique_and_every_value_is_made_before_it_is_used(OnnxOperators operators, bool quantized)
    {
        var graph = Export(operators, quantized).Graph;

        graph.Node.Select(n => n.Name).Should().OnlyHaveUniqueItems().And.NotContain("");
        var known = graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name)).ToHashSet();
        known.Should().HaveCount(graph.Input.Count + graph.Initializer.Count, "constants are named once");
        foreach (var node in graph.Node)
        {
            known.Should().Contain(node.Input.Where(i => i.Length > 0), $"{node.Name} reads them");
            foreach (var output in node.Output.Where(o => o.Length > 0))
                known.Add(output).Should().BeTrue($"{output} is made once");
        }
        known.Should().Contain(graph.Output.Concat(graph.ValueInfo).Select(o => o.Name));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_constant_and_every_result_is_used_and_every_constant_has_the_bytes_of_its_shape(
        OnnxOperators operators,
        bool quantized
    )
    {
        var graph = Export(operators, quantized).Graph;

        var used = graph.Node.SelectMany(n => n.Input).Concat(graph.Output.Select(o => o.Name)).ToHashSet();
        used.Should().Contain(graph.Initializer.Select(i => i.Name));
        used.Should().Contain(graph.Input.Select(i => i.Name));
        graph.Node.Where(n => !n.Output.Any(used.Contains)).Select(n => n.Name).Should().BeEmpty("nothing is computed for nobody");
        foreach (var constant in graph.Initializer)
        {
            var size = (TensorProto.Types.DataType)constant.DataType switch
            {
                TensorProto.Types.DataType.Int64 => 8,
                TensorProto.Types.DataType.Float => 4,
                _ => 1,
            };
            constant.RawData.Length.Should().Be((int)constant.Dims.Aggregate(1L, (a, b) => a * b) * size, constant.Name);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Operator_sets_are_declared_as_used_and_the_hidden_states_shapes_are_told(OnnxOperators operators, bool quantized)
    {
        var model = Export(operators, quantized);

        model.OpsetImport.Select(o => o.Domain).Should().BeEquivalentTo(model.Graph.Node.Select(n => n.Domain).Distinct());
        model.OpsetImport.Single(o => o.Domain.Length == 0).Version.Should().Be(20);
        model
            .Graph.ValueInfo.Select(v =>
                string.Join(' ', v.Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? $"{d.DimValue}" : d.DimParam))
            )
            .Should()
            .Equal(Enumerable.Repeat("batch_size sequence_length 24", Layers));
    }

    [Fact]
    public void The_standard_graph_has_no_operator_but_ONNXs_own() =>
        Export(OnnxOperators.Standard, quantized: true).Graph.Node.Select(n => n.Domain).Should().AllBe("");

    [Theory]
    [InlineData(false, "Attention 2, BiasGelu 2, EmbedLayerNormalization 1, SkipLayerNormalization 4")]
    [InlineData(true, "BiasGelu 2, DynamicQuantizeMatMul 7, EmbedLayerNormalization 1, QAttention 2, SkipLayerNormalization 4")]
    public void The_fused_graph_is_what_ONNX_Runtimes_optimiser_makes(bool quantized, string expected)
    {
        var fused = Export(OnnxOperators.OnnxRuntime, quantized).Graph.Node.Where(n => n.Domain == "com.microsoft").CountBy(n => n.OpType);

        string.Join(", ", fused.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value}")).Should().Be(expected);
    }

    [Fact]
    public void A_quantised_file_holds_every_matrix_in_int8()
    {
        var graph = Export(OnnxOperators.Standard, quantized: true).Graph;

        var matrices = graph.Initializer.Where(i => i.Dims is [> 2, > 2]);
        matrices
            .Where(m => (TensorProto.Types.DataType)m.DataType != TensorProto.Types.DataType.Int8)
            .Select(m => m.Name)
            .Should()
            .Equal("bert.embeddings.position_embeddings.weight");
    }
}
