using System.Text.Json;
using XDistilTorch.Formats.Onnx;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Parity.Commands;

/// <summary>The bundled model as <c>xdistil model export onnx --quantized</c> writes it, made once for a class of tests.</summary>
public sealed class ExportedModel : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-onnx-").FullName;

    internal CommandRun Run { get; private set; } = new(-1, "", "");

    public string Target => Path.Combine(folder, "exported");

    public string File(string name) => Path.Combine(folder, name);

    public async ValueTask InitializeAsync() =>
        Run = await CommandRun.Of(
            CommandRun.WithModel("model", "export", "onnx", "--output", Target, "--quantized", "--reduce-range", "--json")
        );

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary><c>xdistil model export onnx</c> with the bundled weights: what it writes gives our logits in ONNX Runtime.</summary>
public sealed class ModelExportOnnxCommandTests(BundledModel bundled, ExportedModel exported)
    : IClassFixture<BundledModel>,
        IClassFixture<ExportedModel>
{
    private const double Tolerance = 2e-4;

    private static readonly string[] Questions =
    [
        "Who designed the tower?",
        "How many keepers drowned?",
        "What was the tower built of?",
        "When did Ines Calder leave?",
    ];

    private static string Text => File.ReadAllText(Path.Combine(GoldenFolder.Repository, "samples", "texts", "lighthouse.txt"));

    [Fact]
    public void The_summary_lists_the_files_that_were_written()
    {
        exported.Run.ExitCode.Should().Be(0, exported.Run.Error);
        var summary = JsonDocument.Parse(exported.Run.Output).RootElement;

        summary.GetProperty("output").GetString().Should().Be(exported.Target);
        var files = summary
            .GetProperty("files")
            .EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("bytes").GetInt64());
        files
            .Keys.Should()
            .Equal(
                "config.json",
                "onnx/model.onnx",
                "onnx/model_quantized.onnx",
                "special_tokens_map.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "vocab.txt"
            );
        files.Should().OnlyContain(f => f.Value == new FileInfo(Path.Combine(exported.Target, f.Key)).Length);
        files["onnx/model_quantized.onnx"].Should().BeLessThan(files["onnx/model.onnx"] * 3 / 10);
    }

    private List<TokenWindow> Windows(int maxLength) =>
        [
            .. Questions.SelectMany(q =>
                WindowBuilder.Build(bundled.Answerer.Tokenizer, q, Text, new WindowOptions { MaxLength = maxLength, Stride = 8 })
            ),
        ];

    // Windows of different lengths, so that some are padded.
    private static BertInput Batch(List<TokenWindow> windows) =>
        new()
        {
            InputIds = Padded(windows, w => w.Ids),
            TokenTypeIds = Padded(windows, w => w.TypeIds),
            AttentionMask = Padded(windows, w => w.Ids.Select(_ => 1)),
        };

    private static Tensor Padded(List<TokenWindow> windows, Func<TokenWindow, IEnumerable<int>> values)
    {
        var longest = windows.Max(w => w.Length);
        return stack([.. windows.Select(w => tensor([.. values(w).Select(v => (long)v), .. new long[longest - w.Length]]))]);
    }

    // Where an answer may begin and end: in the context, or at [CLS] for none. A [SEP] has much the same logits as [CLS].
    private static Tensor Best(Tensor logits, List<TokenWindow> windows)
    {
        var legal = Padded(
            windows,
            w => Enumerable.Range(0, w.Length).Select(i => i == 0 || i >= w.ContextStart && i < w.ContextEnd ? 1 : 0)
        );
        return logits.masked_fill(legal.unsqueeze(1).eq(0), float.NegativeInfinity).argmax(-1);
    }

    private Tensor OurLogits(BertInput input)
    {
        using var _ = no_grad();
        using var output = bundled.Answerer.Model.Forward(input);
        return stack([output.StartLogits, output.EndLogits], 1);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(200)]
    public void The_standard_graph_gives_our_logits(int maxLength)
    {
        using var scope = NewDisposeScope();
        using var session = new OnnxSession(Path.Combine(exported.Target, OnnxExport.ModelFile));
        var input = Batch(Windows(maxLength));

        session.Logits(input).ShouldBeWithin(Tolerance, OurLogits(input));
    }

    [Fact]
    public void The_fused_graph_gives_our_logits()
    {
        using var scope = NewDisposeScope();
        var path = exported.File("fused.onnx");
        bundled.Answerer.Model.ExportOnnx(path, new OnnxOptions { Operators = OnnxOperators.OnnxRuntime });
        using var session = new OnnxSession(path);
        var input = Batch(Windows(48));

        session.Logits(input).ShouldBeWithin(Tolerance, OurLogits(input));
    }

    [Theory]
    [InlineData(OnnxOperators.Standard)]
    [InlineData(OnnxOperators.OnnxRuntime)]
    public void In_int8_the_best_spans_stay_and_the_logits_stay_near(OnnxOperators operators)
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(exported.Target, OnnxExport.QuantizedFile);
        if (operators == OnnxOperators.OnnxRuntime)
            bundled.Answerer.Model.ExportOnnx(
                path = exported.File("fused-int8.onnx"),
                new OnnxOptions
                {
                    Operators = operators,
                    Quantized = true,
                    ReduceRange = true,
                }
            );
        using var session = new OnnxSession(path);
        var windows = Windows(384);
        var input = Batch(windows);

        Tensor ours = OurLogits(input),
            theirs = session.Logits(input);
        var off = theirs.sub(ours).mul(input.AttentionMask!.unsqueeze(1)).abs();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{operators}: largest difference {off.max().item<float>():0.000}, mean {off.mean().item<float>():0.000}"
        );
        off.mean().item<float>().Should().BeLessThan(0.25f);
        Best(theirs, windows).data<long>().Should().Equal(Best(ours, windows).data<long>());
    }

    [Fact]
    public async Task A_folder_that_is_there_is_refused_before_the_model_is_loaded()
    {
        var run = await CommandRun.Of("model", "export", "onnx", "--output", exported.Target, "--model", "/nowhere");

        run.ShouldFail(1, "*exported: is there already*");
    }

    [Fact]
    public async Task Reducing_a_range_that_is_not_asked_for_is_wrong_usage()
    {
        var run = await CommandRun.Of("model", "export", "onnx", "--output", exported.File("other"), "--reduce-range");

        run.ShouldFail(2, "*--reduce-range*--quantized*");
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_leaves_nothing_behind()
    {
        var broken = Directory.CreateDirectory(exported.File("broken")).FullName;

        var run = await CommandRun.Of("model", "export", "onnx", "--output", exported.File("other"), "--model", broken);

        run.ShouldFail(1, "*config.json*");
        Path.Exists(exported.File("other")).Should().BeFalse();
    }
}
