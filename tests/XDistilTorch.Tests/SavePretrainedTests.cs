using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Checkpoints;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Tests;

public sealed class SavePretrainedTests : IDisposable
{
    private static readonly string[] Files =
    [
        "config.json",
        "model.safetensors",
        "special_tokens_map.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.txt",
    ];

    private readonly ModelFolder source = new();
    private readonly TemporaryFolder folder = new();
    private readonly BertForQuestionAnswering model;
    private readonly BertTokenizer tokenizer;

    public SavePretrainedTests()
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

    [Fact]
    public void A_saved_model_answers_as_before()
    {
        model.SavePretrained(folder.Path, tokenizer);

        using var before = QuestionAnswerer.FromPretrained(source.Path);
        using var after = QuestionAnswerer.FromPretrained(folder.Path);
        for (var i = 0; i < 5; i++)
        {
            var question = ModelFolder.Question(i);
            after.Answer(question.Question, question.Context).Should().BeEquivalentTo(before.Answer(question.Question, question.Context));
        }
        folder.Names.Should().Equal(Files);
        after
            .Model.Config.Should()
            .BeEquivalentTo(before.Model.Config with { Architectures = ["BertForQuestionAnswering"], DType = "float32", Defaulted = [] });
    }

    [Fact]
    public void Names_shapes_and_bits_are_the_references()
    {
        using var tiny = TinyModel.Load();
        string[] pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Enumerable.Range(4, tiny.Config.VocabSize - 4).Select(i => $"w{i}")];

        tiny.SavePretrained(folder.Path, BertTokenizer.Create(pieces));

        using var written = SafeTensors.Open(folder.At("model.safetensors"));
        using var reference = SafeTensors.Open(GoldenFolder.Require("model/tiny/model.safetensors"));
        written.Metadata.Should().Equal(new Dictionary<string, string> { ["format"] = "pt" });
        var needed = reference.Tensors.Keys.Where(name => TensorNames.WhyNotNeeded(name) is null).ToList();
        written.Tensors.Keys.Should().BeEquivalentTo(needed);
        foreach (var name in needed)
        {
            using torch.Tensor ours = written.Read(name),
                theirs = reference.Read(name);
            ours.eq(theirs).all().item<bool>().Should().BeTrue(name);
        }
    }

    [Theory]
    [InlineData(torch.ScalarType.Float16, "float16", DType.F16)]
    [InlineData(torch.ScalarType.BFloat16, "bfloat16", DType.BF16)]
    [InlineData(torch.ScalarType.Float32, "float32", DType.F32)]
    public void Weights_are_stored_in_the_type_asked_for_and_the_model_stays_as_it_was(torch.ScalarType type, string name, DType stored)
    {
        model.SavePretrained(folder.Path, tokenizer, new SavingOptions { DType = type });

        using var written = SafeTensors.Open(folder.At("model.safetensors"));
        written.Tensors.Values.Should().OnlyContain(tensor => tensor.DType == stored);
        BertConfig.FromFile(folder.At("config.json")).DType.Should().Be(name);
        foreach (var (parameter, value) in model.named_parameters())
        {
            using var read = written.Read(parameter);
            using var expected = value.to(type);
            value.dtype.Should().Be(torch.ScalarType.Float32);
            read.eq(expected).all().item<bool>().Should().BeTrue(parameter);
        }
    }

    [Fact]
    public void Numbers_beyond_half_precision_are_refused_with_their_tensors_before_anything_is_written()
    {
        using (torch.no_grad())
        {
            model.QaOutputs.get_parameter("bias")!.fill_(-65520); // the first that is rounded to infinity
            model.Bert.get_parameter("embeddings.LayerNorm.weight")!.fill_(65519);
        }

        var save = () => model.SavePretrained(folder.Path, tokenizer, new SavingOptions { DType = torch.ScalarType.Float16 });

        save.Should()
            .Throw<CheckpointException>()
            .WithMessage($"{folder.At("model.safetensors")}: 1 tensor cannot be stored as Float16*65504*qa_outputs.bias has numbers up to*")
            .And.Message.Should()
            .NotContain("LayerNorm");
        folder.Names.Should().BeEmpty();
        model.SavePretrained(folder.Path, tokenizer, new SavingOptions { DType = torch.ScalarType.BFloat16 });
        folder.Names.Should().Equal(Files);
    }

    [Fact]
    public void Another_type_is_refused() =>
        FluentActions
            .Invoking(() => model.SavePretrained(folder.Path, tokenizer, new SavingOptions { DType = torch.ScalarType.Int8 }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("weights are not stored in Int8*");

    [Fact]
    public void A_vocabulary_of_another_size_is_refused() =>
        FluentActions
            .Invoking(() => model.SavePretrained(folder.Path, BertTokenizer.Create(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])))
            .Should()
            .Throw<TokenizerException>()
            .WithMessage($"{folder.Path}: the vocabulary has 4 entries*vocab_size {model.Config.VocabSize}*");

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        FluentActions
            .Invoking(() => model.SavePretrained(folder.At("missing"), tokenizer))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage($"{folder.At("missing")}: there is no such folder*");

    [Fact]
    public void A_model_is_replaced_and_other_files_stay()
    {
        folder.Write("config.json", "{}");
        folder.Write("model.safetensors", "old");
        folder.Write("README.md", "kept");
        Directory.CreateDirectory(folder.At(".saving.tmp")); // left by a killed process
        folder.Write(".saving.tmp/pytorch_model.bin", "old");

        model.SavePretrained(folder.Path, tokenizer);

        folder.Names.Should().Equal([.. Files.Append("README.md").Order()]);
        using var after = QuestionAnswerer.FromPretrained(folder.Path);
    }

    [Fact]
    public void A_model_that_could_not_be_saved_leaves_no_config_and_nothing_temporary()
    {
        folder.Write("config.json", "{}");
        Directory.CreateDirectory(folder.At("model.safetensors"));

        var save = () => model.SavePretrained(folder.Path, tokenizer);

        save.Should().Throw<CheckpointException>().WithMessage($"{folder.Path}: the model cannot be saved: *");
        folder.Names.Should().NotContain("config.json").And.NotContain(name => name.Contains("tmp"));
    }
}
