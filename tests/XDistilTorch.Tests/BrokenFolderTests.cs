using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Tests;

/// <summary>A folder that cannot be loaded gets one error that names the file and the remedy.</summary>
public sealed class BrokenFolderTests : IDisposable
{
    private readonly ModelFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A module tree and an engine straight from the files are filled by the same rules.
    private void ShouldThrow<T>(string message)
        where T : XDistilException
    {
        foreach (var answersOnly in (bool[])[false, true])
            FluentActions
                .Invoking(() => QuestionAnswerer.FromPretrained(folder.Path, new LoadingOptions { AnswersOnly = answersOnly }))
                .Should()
                .Throw<T>()
                .WithMessage(message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Sound_it_loads(bool answersOnly) =>
        QuestionAnswerer.FromPretrained(folder.Path, new LoadingOptions { AnswersOnly = answersOnly }).Dispose();

    [Fact]
    public void Without_a_config()
    {
        File.Delete(folder.File("config.json"));
        ShouldThrow<ConfigException>("*config.json: there is no such file*");
    }

    [Fact]
    public void Without_weights()
    {
        File.Delete(folder.File("model.safetensors"));
        ShouldThrow<CheckpointException>("*model.safetensors*pytorch_model.bin*");
    }

    [Fact]
    public void Without_a_vocabulary()
    {
        File.Delete(folder.File("vocab.txt"));
        ShouldThrow<TokenizerException>("*vocab.txt*");
    }

    [Fact]
    public void With_a_vocabulary_of_another_size()
    {
        File.AppendAllLines(folder.File("vocab.txt"), ["one", "more"]);
        ShouldThrow<TokenizerException>("*the vocabulary has 70 entries*vocab_size 68*");
    }

    [Fact]
    public void With_truncated_weights()
    {
        var weights = File.ReadAllBytes(folder.File("model.safetensors"));
        File.WriteAllBytes(folder.File("model.safetensors"), weights[..^100]);
        ShouldThrow<CheckpointException>("*model.safetensors*");
    }

    [Fact]
    public void With_a_config_of_another_model_every_misfit_is_named()
    {
        File.WriteAllText(
            folder.File("config.json"),
            """{"model_type": "bert", "vocab_size": 68, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 63, "max_position_embeddings": 64}"""
        );
        ShouldThrow<CheckpointException>(
            "*do not fit config.json*layer.0.intermediate.dense.weight is [64, 32], expected [63, 32]*layer.2.*missing*"
        );
    }

    [Theory, InlineData("num_hidden_layers", 16_000_000), InlineData("vocab_size", 16_000_000), InlineData("intermediate_size", 16_000_000)]
    public void With_a_config_of_a_far_larger_model_nothing_is_made(string field, int value)
    {
        var config = new Dictionary<string, object>
        {
            ["model_type"] = "bert",
            ["vocab_size"] = 68,
            ["hidden_size"] = 32,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["intermediate_size"] = 64,
            [field] = value,
        };
        folder.WriteConfig(config);
        ShouldThrow<CheckpointException>("*holds 39 tensors*config.json describes*");
    }

    [Fact]
    public void With_a_config_that_is_a_git_lfs_pointer_or_no_text()
    {
        File.WriteAllText(folder.File("config.json"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        ShouldThrow<ConfigException>("*git-lfs pointer*git lfs pull*");
        File.WriteAllText(folder.File("config.json"), """{"model_type": "bert", "hidden_act": "gel\ud800u"}""");
        ShouldThrow<ConfigException>("*not Unicode*");
    }

    [Fact]
    public void A_config_may_begin_with_a_byte_order_mark()
    {
        File.WriteAllText(folder.File("config.json"), File.ReadAllText(folder.File("config.json")), new System.Text.UTF8Encoding(true));
        QuestionAnswerer.FromPretrained(folder.Path).Dispose();
    }

    [Theory, InlineData(false), InlineData(true)]
    public void That_is_not_there(bool answersOnly) =>
        FluentActions
            .Invoking(() => QuestionAnswerer.FromPretrained(folder.Path + "-not", new LoadingOptions { AnswersOnly = answersOnly }))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage("*-not: there is no such folder*");

    [Theory, InlineData(false), InlineData(true)]
    public void Or_an_unknown_device(bool answersOnly) =>
        FluentActions
            .Invoking(() => QuestionAnswerer.FromPretrained(folder.Path, new LoadingOptions { Device = "tpu", AnswersOnly = answersOnly }))
            .Should()
            .Throw<DeviceException>()
            .WithMessage("device 'tpu' is unknown*");
}
