using System.Text.Json;
using XDistilTorch.Engines;
using XDistilTorch.Testing;
using XDistilTorch.Windows;

namespace XDistilTorch.Parity;

/// <summary>Every engine over the bundled weights: the reference's logits, and the reference's answers.</summary>
public sealed class EngineTests
{
    private const string Json = "real/real.json";
    private const string Tensors = "real/real.safetensors";

    // What rounding to bytes in 48 products does to a logit of these weights; they run from about -10 to 10.
    private const double Int8Tolerance = 1.5;

    public static TheoryData<EngineKind> Kinds => [EngineKind.Eager, EngineKind.Packed, EngineKind.Int8];

    [Theory, MemberData(nameof(Kinds))]
    public void Logits_equal_the_reference(EngineKind kind)
    {
        using var goldens = GoldenTensors.Require(Tensors);
        using var answerer = Load(kind);
        var checkedWindows = 0;
        foreach (var (name, question, context, _) in Pairs())
        {
            var windows = WindowBuilder.Build(answerer.Tokenizer, question, context);
            var logits = answerer.Engine.Run(windows);
            foreach (var window in windows)
            {
                checkedWindows++;
                var here = logits[window.Index];
                Difference(here.Start, goldens, $"{name}/{window.Index}/start_logits").Should().BeLessThan(Tolerance(kind), name);
                Difference(here.End, goldens, $"{name}/{window.Index}/end_logits").Should().BeLessThan(Tolerance(kind), name);
            }
        }
        checkedWindows.Should().BeGreaterThan(5);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_best_span_is_the_references(EngineKind kind)
    {
        using var answerer = Load(kind);
        foreach (var (name, question, context, best) in Pairs())
            answerer.Answer(question, context, new AnswerOptions { Decoder = DecoderKind.Squad }).Answers[0].Text.Should().Be(best, name);
    }

    // Without VNNI two products of bytes are summed in 16 bits, which saturate: products of 16 bits are taken there.
    [Fact]
    public async Task Int8_is_as_near_to_fp32_on_a_processor_without_VNNI()
    {
        string[] question = ["--question", "Who designed the tower?", "--context-file", "samples/texts/lighthouse.txt"];
        string[] arguments = ["ask", .. question, "--json", "--model", BundledModel.Folder, "--engine"];

        var limited = await ProcessRun.Of(
            BuiltTool.Path,
            [.. arguments, "int8"],
            GoldenFolder.Repository,
            environment: ("ONEDNN_MAX_CPU_ISA", "AVX2")
        );
        var packed = await ProcessRun.Of(BuiltTool.Path, [.. arguments, "packed"], GoldenFolder.Repository);

        limited.ExitCode.Should().Be(0, limited.Error);
        limited.Error.Should().BeEmpty("nothing else is taken");
        using JsonDocument own = JsonDocument.Parse(limited.Output),
            exact = JsonDocument.Parse(packed.Output);
        own.RootElement.GetProperty("answer").GetString().Should().Be("Tomas Ferrow");
        var score = exact.RootElement.GetProperty("score").GetDouble();
        own.RootElement.GetProperty("score").GetDouble().Should().BeApproximately(score, Int8Tolerance).And.NotBe(score, "it is int8");
    }

    private static QuestionAnswerer Load(EngineKind kind)
    {
        var answerer = QuestionAnswerer.FromPretrained(BundledModel.Folder, new LoadingOptions { Engine = kind });
        if (answerer.EngineChoice.Kind != kind)
        {
            answerer.Dispose();
            Assert.Skip($"{kind}: {answerer.EngineChoice.Reason}");
        }
        return answerer;
    }

    private static IEnumerable<(string Name, string Question, string Context, string Best)> Pairs()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require(Json)));
        foreach (var pair in json.RootElement.GetProperty("pairs").EnumerateObject())
        {
            var spans = pair.Value.GetProperty("windows").EnumerateArray().Select(window => window.GetProperty("best_span"));
            yield return (
                pair.Name,
                pair.Value.GetProperty("question").GetString()!,
                pair.Value.GetProperty("context").GetString()!,
                spans.MaxBy(span => span.GetProperty("score").GetDouble()).GetProperty("text").GetString()!
            );
        }
    }

    private static double Tolerance(EngineKind kind) => kind == EngineKind.Int8 ? Int8Tolerance : 5e-5;

    private static double Difference(float[] own, GoldenTensors goldens, string name) =>
        own.Zip(goldens[name].data<float>().ToArray(), (x, y) => Math.Abs((double)x - y)).Max();
}
