using System.Text.Json;
using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Tests;
using XDistilTorch.Tests.Training;
using XDistilTorch.Tokenization;
using XDistilTorch.Training;

namespace XDistilTorch.Parity.Readers;

/// <summary>What is saved, read by others: the Rust library's tokenizer, the Hub's safetensors reader, a YAML parser.</summary>
public sealed class SavedModelTests(NodeReaders readers) : IClassFixture<NodeReaders>
{
    private static readonly string[][] Texts =
    [
        ["The clock in Br\u00fcgge's town hall was repaired by Marit Osei."],
        [
            "Who repaired the clock?",
            "Ces caf\u00e9s, nai\u0308f et co\u00f9teux, co\u00fbtaient 3,50\u00a0\u20ac \u2014 et d\u00e9j\u00e0 trop!",
        ],
        [
            "\u6642\u8a08\u5854 was built in 1901\uff0c\u4fee\u7406 in \u6771\u4eac.",
            "\u3068\u3051\u3044 \uc2dc\uacc4 \u0447\u0430\u0441\u044b \u0627\u0644\u0633\u0627\u0639\u0629",
        ],
        ["Tea \U0001f375 at \u231a\ufe0f five \U0001f468\u200d\U0001f469\u200d\U0001f467, unbelievablenesslessly"],
        ["What does [SEP] mean? [MASK][CLS]x", "  tabs\tand\u200bzero\u2003width\r\nlines  "],
        ["", "nothing asked"],
        ["\u0130stanbul \u1e9e \ufb01ne \u00bd A\u030a", new string('a', 101)],
    ];

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    public async Task The_Rust_library_encodes_as_ours_and_writes_the_same_file(bool lowerCase, bool? stripAccents, bool chinese)
    {
        var bundled = BertTokenizer.FromPretrained(BundledModel.Folder);
        var tokenizer = BertTokenizer.Create(
            bundled.Vocabulary,
            bundled.Options with
            {
                LowerCase = lowerCase,
                StripAccents = stripAccents,
                TokenizeChineseChars = chinese,
                AdditionalSpecialTokens = ["[unused1]", "\u4e2d"],
            }
        );

        await ShouldEncodeAlike(tokenizer);
    }

    [Fact]
    public async Task Special_tokens_of_other_names_and_a_shorter_longest_word_are_understood() =>
        await ShouldEncodeAlike(
            BertTokenizer.Create(
                ["<\"pad\\>", "</s>", "<s>", "<unk>", "the", "clock", "tea", "##s", "unbelievable", ",", "\u6642"],
                new()
                {
                    PadToken = "<\"pad\\>",
                    SepToken = "</s>",
                    ClsToken = "<s>",
                    UnkToken = "<unk>",
                    MaskToken = "<mask>",
                    MaxWordLength = 6,
                }
            )
        );

    private async Task ShouldEncodeAlike(BertTokenizer tokenizer)
    {
        var folder = Directory.CreateDirectory(readers.Path(Guid.NewGuid().ToString("N"))).FullName;
        tokenizer.SavePretrained(folder);
        var (file, texts, resaved) = (
            Path.Combine(folder, "tokenizer.json"),
            Path.Combine(folder, "texts.json"),
            Path.Combine(folder, "resaved.json")
        );
        await File.WriteAllTextAsync(texts, JsonSerializer.Serialize(Texts));

        var found = await readers.Read("tokenizer.mjs", file, texts, resaved);

        var options = new EncodeOptions { SplitSpecialTokens = false };
        foreach (var (text, theirs) in Texts.Zip(found.EnumerateArray()))
        {
            var ours = text is [var question, var context]
                ? tokenizer.Encode(question, context, options)
                : tokenizer.Encode(text[0], options);
            Numbers(theirs, "ids").Should().Equal(ours.Ids, text[0]);
            Numbers(theirs, "types").Should().Equal(ours.TypeIds, text[0]);
            Numbers(theirs, "offsets").Should().Equal(ours.GetCodePointOffsets().SelectMany(o => new[] { o.Start, o.End }), text[0]);
            theirs.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()).Should().Equal(ours.Tokens, text[0]);
        }
        var (written, again) = (await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(resaved));
        string.Equals(again, written, StringComparison.Ordinal).Should().BeTrue("the library writes what it read as it was written");
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32, "F32")]
    [InlineData(torch.ScalarType.Float16, "F16")]
    [InlineData(torch.ScalarType.BFloat16, "BF16")]
    public async Task The_Hubs_reader_finds_every_tensor(torch.ScalarType type, string name)
    {
        using var source = new ModelFolder();
        using var model = BertForQuestionAnswering.FromPretrained(source.Path);
        var folder = Directory.CreateDirectory(readers.Path(name)).FullName;
        model.SavePretrained(folder, BertTokenizer.FromPretrained(source.Path), new SavingOptions { DType = type });

        var found = await readers.Read("safetensors.mjs", folder);

        found.GetProperty("metadata").GetRawText().Should().Be("""{"format":"pt"}""");
        found.GetProperty("counts").EnumerateObject().Should().ContainSingle();
        found.GetProperty("counts").GetProperty(name).GetInt64().Should().Be(model.parameters().Sum(p => p.numel()));
        found
            .GetProperty("tensors")
            .EnumerateObject()
            .Select(t => $"{t.Name} {t.Value.GetProperty("dtype")} {t.Value.GetProperty("shape")}")
            .Should()
            .BeEquivalentTo(model.named_parameters().Select(p => $"{p.name} {name} [{string.Join(',', p.parameter.shape)}]"));
    }

    [Theory]
    [InlineData("clock-answers")]
    [InlineData("yes")]
    [InlineData("a\": [x]\n---\n# '\"c\\ \u00e9\U0001f375\u2028{{ !!int 3 }} &a *b")]
    public async Task A_YAML_parser_reads_the_cards_metadata(string name)
    {
        var card = readers.Path("card.md");
        var outcome = TrainingOutcomes.Evaluated() with { Name = name, BaseModel = name, DevFile = name };
        await File.WriteAllTextAsync(card, ModelCard.Render(outcome));

        var found = await readers.Read("card.mjs", card);

        found.GetProperty("library_name").GetString().Should().Be("transformers");
        found.GetProperty("pipeline_tag").GetString().Should().Be("question-answering");
        found.GetProperty("base_model").GetString().Should().Be(name);
        var model = found.GetProperty("model-index")[0];
        model.GetProperty("name").GetString().Should().Be(name);
        var result = model.GetProperty("results")[0];
        result.GetProperty("task").GetProperty("type").GetString().Should().Be("question-answering");
        result.GetProperty("dataset").GetProperty("name").GetString().Should().Be(name);
        result.GetProperty("metrics").EnumerateArray().Select(m => m.GetProperty("value").GetDouble()).Should().Equal(61.5, 70.25);
    }

    private static IEnumerable<int> Numbers(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(number => number.GetInt32());
}
