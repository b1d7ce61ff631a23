using System.Text.Json;
using XDistilTorch.Testing;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Decoding;

public class PipelineDecoderGoldenTests
{
    [Theory(SkipTestWithoutData = true), MemberData(nameof(PipelineGolden.Items), MemberType = typeof(PipelineGolden))]
    public void The_list_equals_the_reference(string name, int index, int item)
    {
        var golden = PipelineGolden.Item(index, item);

        var entries = new PipelineDecoder(golden.Options).Decode(golden.Context, golden.Windows()).Entries;

        if (entries is [.., { Span: null, Score: < PipelineGoldenItem.Leaked }])
            entries = [.. entries.SkipLast(1)]; // no answer where [CLS] underflows
        entries.Should().HaveCount(golden.Expected.Length, name);
        foreach (var (entry, expected) in entries.Zip(golden.Expected))
        {
            entry.Text.Should().Be(expected.GetProperty("answer").GetString());
            entry.Span.GetValueOrDefault().Should().Be(Span(expected, "start_utf16", "end_utf16"));
            var score = expected.GetProperty("score").GetDouble();
            entry.Score.Should().BeApproximately(score, 1e-5 * score, name);
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(PipelineGolden.Items), MemberType = typeof(PipelineGolden))]
    public void The_record_lists_the_reference_s_answers_without_no_answer(string name, int index, int item)
    {
        var golden = PipelineGolden.Item(index, item);
        var spans = golden.Expected.Where(entry => entry.GetProperty("answer").GetString() != "").ToArray();
        var decoding = new PipelineDecoder(golden.Options).Decode(golden.Context, golden.Windows());

        var answer = new AnswerBuilder(golden.Context).FromPipeline(golden.Question, decoding, name);

        answer.Answers.Select(it => it.Text).Should().Equal(spans.Select(it => it.GetProperty("answer").GetString()));
        answer.Answers.Select(it => new TextSpan(it.Start, it.End)).Should().Equal(spans.Select(it => Span(it, "start", "end")));
        answer.Text.Should().Be(golden.Expected is [var first, ..] ? first.GetProperty("answer").GetString() : "");
        answer.HasAnswer.Should().Be(answer.Text.Length > 0);
        answer.NullScore.HasValue.Should().Be(golden.Options.AllowNoAnswer);
        if (answer.HasAnswer)
            answer.Probability.Should().Be(answer.Answers[0].Probability).And.BeApproximately(answer.Score!.Value, 1e-6);
        else if (golden.Options.AllowNoAnswer)
            ((float)answer.Probability).Should().Be(answer.NullScore!.Value);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(PipelineGolden.Refusals), MemberType = typeof(PipelineGolden))]
    public void What_the_reference_cannot_serve_is_refused_in_our_words_or_served(string name, int index)
    {
        var call = PipelineGolden.Call(index);
        var (question, context) = (call.GetProperty("question").GetString()!, call.GetProperty("context").GetString()!);
        var tokenizer = BertTokenizer.Create(File.ReadLines(GoldenFolder.Require("text/tokenizer/vocab.txt")));

        var serve = () => Serve(tokenizer, question, context, call.GetProperty("options"));

        // "kth(=25) out of bounds (25)": numpy's, when there are as many pairs of tokens as are asked for.
        if (call.TryGetProperty("error", out _) && !call.GetProperty("message").GetString()!.StartsWith("kth(", StringComparison.Ordinal))
            serve.Should().Throw<Exception>(name).Which.Should().Match(e => e is ArgumentException || e is WindowException);
        else
            serve.Should().NotThrow(name);
    }

    private static PipelineDecoding Serve(BertTokenizer tokenizer, string question, string context, JsonElement options)
    {
        var decoder = new PipelineDecoder(PipelineGolden.Options(options));
        var windowOptions = new WindowOptions(PipelineGolden.Int(options, "max_seq_len") ?? 384, PipelineGolden.Int(options, "doc_stride"));
        var windows = WindowBuilder.Build(tokenizer, question, context, windowOptions);
        return decoder.Decode(
            context,
            [.. windows.Select(window => DecoderWindow.FromTokens(window, new float[window.Length], new float[window.Length], 101))]
        );
    }

    private static TextSpan Span(JsonElement entry, string start, string end) =>
        new(entry.GetProperty(start).GetInt32(), entry.GetProperty(end).GetInt32());
}
