using XDistilTorch.Formats.Onnx;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Checkpoints;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Onnx;

public sealed class OnnxExportTests : IDisposable
{
    private readonly ModelFolder source = new();
    private readonly TemporaryFolder folder = new();
    private readonly BertForQuestionAnswering model;
    private readonly BertTokenizer tokenizer;

    public OnnxExportTests()
    {
        model = BertForQuestionAnswering.FromPretrained(source.Path);
        tokenizer = BertTokenizer.FromPretrained(source.Path);
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
        source.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_folder_has_what_optimum_and_transformers_js_look_for(bool quantized)
    {
        var target = folder.At("exported");

        model.ExportOnnxFolder(target, tokenizer, quantized);

        string[] expected =
        [
            "config.json",
            "onnx/model.onnx",
            .. quantized ? ["onnx/model_quantized.onnx"] : Array.Empty<string>(),
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.txt",
        ];
        Directory
            .GetFiles(target, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(target, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal(expected);
        folder.Names.Should().Equal("exported");
        BertConfig.FromFile(Path.Combine(target, "config.json")).Architectures.Should().Equal("BertForQuestionAnswering");
        BertTokenizer.FromPretrained(target).Vocabulary.Count.Should().Be(tokenizer.Vocabulary.Count);
    }

    [Fact]
    public void What_is_asked_by_the_exported_tokenizer_and_graph_gets_the_models_logits()
    {
        var target = folder.At("exported");
        model.ExportOnnxFolder(target, tokenizer);
        using var session = new OnnxSession(Path.Combine(target, OnnxExport.ModelFile));
        using var scope = NewDisposeScope();

        foreach (var number in Enumerable.Range(0, 5))
        {
            var question = ModelFolder.Question(number);
            var windows = WindowBuilder.Build(
                BertTokenizer.FromPretrained(target),
                question.Question,
                question.Context,
                new WindowOptions { MaxLength = 64, Stride = 8 }
            );
            var input = new BertInput
            {
                InputIds = tensor(windows[0].Ids).unsqueeze(0),
                TokenTypeIds = tensor(windows[0].TypeIds).unsqueeze(0),
            };
            session.Logits(input).ShouldBeWithin(2e-4, model.Logits(input), question.Context);
        }
    }

    [Fact]
    public void What_is_there_already_is_left_alone()
    {
        File.WriteAllText(folder.At("taken"), "mine");

        model
            .Invoking(m => m.ExportOnnxFolder(folder.At("taken"), tokenizer))
            .Should()
            .Throw<OnnxException>()
            .WithMessage("*taken: is there already*");

        File.ReadAllText(folder.At("taken")).Should().Be("mine");
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_and_nothing_stays()
    {
        File.WriteAllText(folder.At("file"), "");

        model
            .Invoking(m => m.ExportOnnxFolder(folder.At("file/below"), tokenizer))
            .Should()
            .Throw<OnnxException>()
            .WithMessage("*below: cannot be written*");
        model
            .Invoking(m => m.ExportOnnx(folder.At("nowhere/model.onnx")))
            .Should()
            .Throw<OnnxException>()
            .WithMessage("*model.onnx: cannot be written*");

        folder.Names.Should().Equal("file");
    }

    [Fact]
    public void Another_models_tokenizer_is_refused_before_anything_is_written()
    {
        model
            .Invoking(m => m.ExportOnnxFolder(folder.At("exported"), BertTokenizer.Create(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])))
            .Should()
            .Throw<TokenizerException>()
            .WithMessage("*vocab_size*");

        folder.Names.Should().BeEmpty();
    }

    [Fact]
    public void A_replaced_part_is_named_since_the_graph_would_compute_something_else()
    {
        using var unwanted = model.Layer(1).Intermediate;
        model.Layer(1).Intermediate = new Halved();

        model
            .Invoking(m => m.ExportOnnx(folder.At("model.onnx")))
            .Should()
            .Throw<OnnxException>()
            .WithMessage("*bert.encoder.layer.1.intermediate*Halved*");

        folder.Names.Should().BeEmpty();
    }

    [Fact]
    public void Every_parameter_of_another_shape_is_named()
    {
        using var unwanted = model.QaOutputs;
        model.QaOutputs = nn.Linear(32, 3, hasBias: false);

        model
            .Invoking(m => m.ExportOnnx(folder.At("model.onnx")))
            .Should()
            .Throw<OnnxException>()
            .WithMessage("*qa_outputs.weight is [3, 32], expected [2, 32]*qa_outputs.bias is missing*");
    }

    private sealed class Halved() : nn.Module<Tensor, ForwardContext?, Tensor>(nameof(Halved))
    {
        public override Tensor forward(Tensor hidden, ForwardContext? context) => hidden.repeat(1, 1, 2).div(2);
    }
}
