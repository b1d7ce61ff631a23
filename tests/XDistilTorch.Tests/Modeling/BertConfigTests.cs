using XDistilTorch.Modeling;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Modeling;

/// <summary>Every field of a config.json is read; what the model cannot be is refused by name, all at once.</summary>
public sealed class BertConfigTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"xdistil-config-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(path);

    private BertConfig Read(string json)
    {
        File.WriteAllText(path, json);
        return BertConfig.FromFile(path);
    }

    private static string With(string fields) => $$"""{"model_type": "bert", {{fields}}}""";

    [Fact]
    public void Every_field_is_read()
    {
        var config = Read(
            """
            {"architectures": ["BertForQuestionAnswering"], "model_type": "bert", "vocab_size": 7, "hidden_size": 6, "num_hidden_layers": 5, "num_attention_heads": 3,
             "intermediate_size": 4, "hidden_act": "relu", "hidden_dropout_prob": 0.2, "attention_probs_dropout_prob": 0.3, "max_position_embeddings": 9, "type_vocab_size": 1,
             "initializer_range": 0.5, "layer_norm_eps": 1e-5, "pad_token_id": null, "torch_dtype": "float16", "transformers_version": "4.1", "position_embedding_type": "absolute",
             "is_decoder": false, "use_cache": true, "num_labels": 2, "something_else": 1}
            """
        );

        config
            .Should()
            .BeEquivalentTo(
                new BertConfig
                {
                    Architectures = ["BertForQuestionAnswering"],
                    VocabSize = 7,
                    HiddenSize = 6,
                    NumHiddenLayers = 5,
                    NumAttentionHeads = 3,
                    IntermediateSize = 4,
                    HiddenAct = "relu",
                    HiddenDropoutProb = 0.2,
                    AttentionProbsDropoutProb = 0.3,
                    MaxPositionEmbeddings = 9,
                    TypeVocabSize = 1,
                    InitializerRange = 0.5,
                    LayerNormEps = 1e-5,
                    PadTokenId = null,
                    DType = "float16",
                    TransformersVersion = "4.1",
                    Ignored = ["something_else"],
                }
            );
    }

    [Theory, InlineData("null"), InlineData("{}"), InlineData("{\"0\": []}")]
    public void Where_no_heads_are_pruned_all_are_there(string pruned)
    {
        var config = Read(With($"\"pruned_heads\": {pruned}"));

        Enumerable.Range(0, 12).Select(config.HeadCount).Should().OnlyContain(heads => heads == 12);
        config.ToFile(path);
        File.ReadAllText(path).Should().NotContain("pruned_heads");
    }

    [Fact]
    public void Pruned_heads_are_read_and_written_by_layer()
    {
        var config = Read(With("\"num_attention_heads\": 4, \"pruned_heads\": {\"11\": [0, 1, 2, 3], \"2\": [3, 1]}"));

        (config.HeadCount(0), config.HeadCount(2), config.HeadCount(11), config.MostHeads).Should().Be((4, 2, 0, 4));
        config.KeptHeads(2).Should().Equal(0, 2);
        config.KeptHeads(11).Should().BeEmpty();
        config.ToFile(path);
        var written = BertConfig.FromFile(path);
        written.PrunedHeads.Should().BeEquivalentTo(new Dictionary<int, int[]> { [2] = [1, 3], [11] = [0, 1, 2, 3] });
        File.ReadAllText(path)
            .IndexOf("\"2\"", StringComparison.Ordinal)
            .Should()
            .BeLessThan(File.ReadAllText(path).IndexOf("\"11\"", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_absent_takes_the_references_default_and_is_named()
    {
        var config = Read(With("\"hidden_size\": 24"));

        config.NumHiddenLayers.Should().Be(12);
        config.HiddenSize.Should().Be(24);
        config.Defaulted.Should().Contain("num_hidden_layers").And.NotContain("hidden_size");
    }

    [Theory]
    [InlineData("\"hidden_act\": \"mish\"", "hidden_act is \"mish\"")]
    [InlineData("\"position_embedding_type\": \"relative_key\"", "position_embedding_type is \"relative_key\"")]
    [InlineData("\"is_decoder\": true", "is_decoder is true")]
    [InlineData("\"add_cross_attention\": true", "add_cross_attention is true")]
    [InlineData("\"pruned_heads\": [1]", "pruned_heads is [1], expected layers with lists of head numbers")]
    [InlineData("\"pruned_heads\": {\"0\": 1}", "pruned_heads has \"0\": 1, expected layers with lists")]
    [InlineData("\"pruned_heads\": {\"0\": [1, \"2\"]}", "pruned_heads has \"0\": [1, \"2\"]")]
    [InlineData("\"pruned_heads\": {\"0\": [1.5]}", "pruned_heads has \"0\": [1.5]")]
    [InlineData("\"pruned_heads\": {\"first\": [1]}", "pruned_heads has \"first\": [1]")]
    [InlineData("\"pruned_heads\": {\"-1\": [1]}", "pruned_heads has \"-1\": [1]")]
    [InlineData("\"pruned_heads\": {\"3\": [1], \"03\": [2]}", "pruned_heads names layer 3 twice")]
    [InlineData("\"pruned_heads\": {\"12\": [1]}", "pruned_heads names layer 12, expected 0 to 11 (num_hidden_layers is 12)")]
    [InlineData("\"pruned_heads\": {\"0\": [12]}", "pruned_heads names head 12 of layer 0, expected 0 to 11 (num_attention_heads is 12)")]
    [InlineData("\"pruned_heads\": {\"0\": [-1]}", "pruned_heads names head -1 of layer 0")]
    [InlineData("\"pruned_heads\": {\"0\": [2, 3, 2]}", "pruned_heads names head 2 of layer 0 twice")]
    [InlineData("\"quantization_config\": {\"bits\": 8}", "quantization_config")]
    [InlineData("\"num_labels\": 3", "num_labels is 3")]
    [InlineData("\"num_labels\": \"2\"", "num_labels is \"2\"")]
    [InlineData("\"hidden_size\": 10", "hidden_size 10 is not a multiple of num_attention_heads 12")]
    [InlineData("\"hidden_size\": 0", "hidden_size is 0")]
    [InlineData("\"hidden_size\": -12", "hidden_size is -12")]
    [InlineData("\"hidden_size\": 1e30", "hidden_size is 1e30")]
    [InlineData("\"hidden_size\": \"384\"", "hidden_size is \"384\"")]
    [InlineData("\"vocab_size\": 2.5", "vocab_size is 2.5")]
    [InlineData("\"layer_norm_eps\": -1", "layer_norm_eps is -1")]
    [InlineData("\"hidden_dropout_prob\": 2", "hidden_dropout_prob is 2")]
    [InlineData("\"pad_token_id\": 40000", "pad_token_id is 40000")]
    [InlineData("\"hidden_act\": 3", "hidden_act is 3")]
    [InlineData("\"is_decoder\": \"no\"", "is_decoder is \"no\"")]
    public void What_the_model_cannot_be_is_refused_by_name(string fields, string fault) =>
        FluentActions.Invoking(() => Read(With(fields))).Should().Throw<ConfigException>().WithMessage($"{path}: 1 field does*{fault}*");

    [Fact]
    public void All_faults_are_in_one_message() =>
        FluentActions
            .Invoking(() => Read("""{"model_type": "roberta", "hidden_act": "mish", "is_decoder": true}"""))
            .Should()
            .Throw<ConfigException>()
            .WithMessage("*3 fields*model_type is \"roberta\"*is_decoder*hidden_act*");

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"a\": ", "not valid JSON")]
    [InlineData("[1]", "a JSON Array, expected an object")]
    [InlineData("{}", "no model's config")]
    [InlineData("{\"hidden_size\": 1, \"hidden_size\": 2}", "not valid JSON")]
    public void A_file_that_is_no_config_is_refused(string text, string fault) =>
        FluentActions.Invoking(() => Read(text)).Should().Throw<ConfigException>().WithMessage($"{path}*{fault}*");

    [Fact]
    public void A_missing_file_is_named() =>
        FluentActions
            .Invoking(() => BertConfig.FromFile(path + "x"))
            .Should()
            .Throw<ConfigException>()
            .WithMessage($"{path}x: there is no such file*");

    [Fact]
    public void The_reference_models_config_reads_without_leftovers() =>
        BertConfig.FromFile(GoldenFolder.Require("model/tiny/config.json")).Ignored.Should().BeEmpty();

    [Fact]
    public void What_is_written_is_read_again()
    {
        var config = new BertConfig
        {
            Architectures = ["BertForQuestionAnswering"],
            VocabSize = 7,
            HiddenSize = 6,
            NumHiddenLayers = 5,
            NumAttentionHeads = 3,
            IntermediateSize = 4,
            HiddenAct = "relu",
            HiddenDropoutProb = 0,
            AttentionProbsDropoutProb = 1,
            MaxPositionEmbeddings = 9,
            TypeVocabSize = 1,
            InitializerRange = 0.1 + 0.2,
            LayerNormEps = 1e-5,
            PadTokenId = null,
            DType = "bfloat16",
            TransformersVersion = "5.0 \"\u00e9\"",
        };

        config.ToFile(path);

        BertConfig.FromFile(path).Should().BeEquivalentTo(config);
        File.ReadAllText(path)
            .Should()
            .Contain("\"hidden_dropout_prob\": 0.0,")
            .And.Contain("\"attention_probs_dropout_prob\": 1.0,")
            .And.Contain("\"layer_norm_eps\": 1e-05,")
            .And.Contain("\"pad_token_id\": null,");
    }

    [Fact]
    public void The_bundled_models_config_is_written_byte_for_byte()
    {
        var bundled = Path.Combine(GoldenFolder.Repository, "weights", "e5-small-v2-squad2", "config.json");
        Assert.SkipUnless(File.Exists(bundled), "the bundled model is not there");

        BertConfig.FromFile(bundled).ToFile(path);

        File.ReadAllText(path).Should().Be(File.ReadAllText(bundled));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    public void A_config_that_could_not_be_read_again_is_not_written(double dropout)
    {
        FluentActions
            .Invoking(() => new BertConfig { HiddenDropoutProb = dropout }.ToFile(path))
            .Should()
            .Throw<ConfigException>()
            .WithMessage($"*hidden_dropout_prob is {dropout}, expected a number from 0 to 1*");
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void A_config_that_cannot_be_written_is_named() =>
        FluentActions
            .Invoking(() => new BertConfig().ToFile(Path.Combine(path, "config.json")))
            .Should()
            .Throw<ConfigException>()
            .WithMessage($"{path}/config.json: cannot be written: *");
}
