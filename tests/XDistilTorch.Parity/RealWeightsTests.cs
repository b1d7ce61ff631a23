using System.Globalization;
using System.Text.Json;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Parity;

/// <summary>The bundled weights on real questions: ids, logits, hidden states, attentions and answers against the reference.</summary>
public sealed class RealWeightsTests(BundledModel bundled) : IClassFixture<BundledModel>
{
    private const string Json = "real/real.json";
    private const string Tensors = "real/real.safetensors";

    public static TheoryData<string> Pairs =>
        [.. GoldenFolder.Has(Json) ? Root().GetProperty("pairs").EnumerateObject().Select(p => p.Name) : []];

    private static JsonElement Root() => JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require(Json))).RootElement;

    private static JsonElement Pair(string name) => Root().GetProperty("pairs").GetProperty(name);

    // The reference's own rounding error times eight.
    private static double Tolerance => Root().GetProperty("max_err_f32_vs_f64").GetDouble() * 8;

    private static BertInput Input(GoldenTensors goldens, string window) =>
        new() { InputIds = goldens[$"{window}/input_ids"].unsqueeze(0), TokenTypeIds = goldens[$"{window}/token_type_ids"].unsqueeze(0) };

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Pairs))]
    public void Windows_have_the_references_ids(string name)
    {
        using var goldens = GoldenTensors.Require(Tensors);
        var pair = Pair(name);

        var windows = WindowBuilder.Build(
            bundled.Answerer.Tokenizer,
            pair.GetProperty("question").GetString()!,
            pair.GetProperty("context").GetString()!
        );

        windows.Should().HaveCount(pair.GetProperty("windows").GetArrayLength());
        foreach (var window in windows)
        {
            window.Ids.Should().Equal(goldens[$"{name}/{window.Index}/input_ids"].data<int>().ToArray());
            window.TypeIds.Should().Equal(goldens[$"{name}/{window.Index}/token_type_ids"].data<int>().ToArray());
            var range = pair.GetProperty("windows")[window.Index].GetProperty("context_token_range");
            (window.ContextStart, window.ContextEnd).Should().Be((range[0].GetInt32(), range[1].GetInt32() + 1));
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Pairs))]
    public void Logits_equal_the_reference(string name)
    {
        using var goldens = GoldenTensors.Require(Tensors);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        for (var w = 0; w < Pair(name).GetProperty("windows").GetArrayLength(); w++)
        {
            using var output = bundled.Answerer.Model.Forward(Input(goldens, $"{name}/{w}"));

            output.StartLogits[0].ShouldBeWithin(Tolerance, goldens[$"{name}/{w}/start_logits"], $"window {w} start");
            output.EndLogits[0].ShouldBeWithin(Tolerance, goldens[$"{name}/{w}/end_logits"], $"window {w} end");
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Pairs))]
    public void The_answer_is_the_best_span_of_the_windows_unless_no_answer_scores_higher(string name)
    {
        var pair = Pair(name);
        var context = pair.GetProperty("context").GetString()!;
        var windows = pair.GetProperty("windows").EnumerateArray().ToList();
        var best = windows.Select(w => w.GetProperty("best_span")).MaxBy(s => s.GetProperty("score").GetDouble());
        var noAnswer = windows.Min(w => w.GetProperty("cls_score").GetDouble());

        var answer = bundled.Answerer.Answer(
            pair.GetProperty("question").GetString()!,
            context,
            new AnswerOptions { Decoder = DecoderKind.Squad }
        );

        var score = best.GetProperty("score").GetDouble();
        answer.NullScore.Should().BeApproximately((float)noAnswer, (float)Tolerance * 2);
        answer.Answers[0].Text.Should().Be(best.GetProperty("text").GetString());
        answer.Answers[0].Start.Should().Be(best.GetProperty("start_char").GetInt32());
        answer.Answers[0].End.Should().Be(best.GetProperty("end_char").GetInt32());
        answer.Answers[0].Score.Should().BeApproximately((float)score, (float)Tolerance * 2);
        answer.HasAnswer.Should().Be(noAnswer - score <= 0);
        answer.Text.Should().Be(answer.HasAnswer ? best.GetProperty("text").GetString() : "");
    }

    [Fact]
    public void Hidden_states_and_attentions_equal_the_reference()
    {
        using var goldens = GoldenTensors.Require(Tensors);
        var detail = Root().GetProperty("detail");
        var token = detail.GetProperty("answer_token").GetInt32();
        using var scope = NewDisposeScope();
        using var _ = no_grad();

        using var output = bundled.Answerer.Model.Forward(
            Input(goldens, $"{detail.GetProperty("pair").GetString()}/{detail.GetProperty("window").GetInt32()}") with
            {
                OutputHiddenStates = true,
                OutputAttentions = true,
            }
        );

        stack(output.HiddenStates!.Select(h => h[0, token]))
            .ShouldBeWithin(Tolerance, goldens["detail/hidden_answer"], "hidden states of the answer");
        stack(output.HiddenStates!.Select(h => h[0, 0])).ShouldBeWithin(Tolerance, goldens["detail/hidden_cls"], "hidden states of [CLS]");
        const string prefix = "detail/attention.";
        foreach (var key in goldens.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var layer = int.Parse(key.AsSpan(prefix.Length), CultureInfo.InvariantCulture);
            output.Attentions![layer][0].ShouldBeWithin(1e-3, goldens[key], key); // stored in half precision
        }
    }
}
