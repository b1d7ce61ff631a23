using CsCheck;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Text.Tests.Windows;

public class WindowBuilderTests
{
    private static readonly string[] Words = ["oak", "barrel", "##s", "river", "mill", "a", "##b", "##c"];
    private static readonly BertTokenizer Tokenizer = BertTokenizer.Create(["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Words]);

    private static readonly string[] Parts = ["oak ", "barrels ", "river ", "abcb ", "mill", "~", "\u00e9 "];
    private static readonly Gen<string> Texts = Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[0, 60].Select(string.Concat);

    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    [Fact]
    public void Windows_cover_every_token_of_the_context_in_order_and_overlap_by_the_stride()
    {
        Gen.Select(Gen.Int[0, 6], Texts, Gen.Int[12, 40], Gen.Int[0, 30], Gen.Bool)
            .Where(t => t.Item4 < t.Item3 - 3 - t.Item1)
            .Sample(
                t =>
                {
                    var (questionLength, context, maxLength, stride, contextFirst) = t;
                    var question = string.Join(' ', Enumerable.Repeat("oak", questionLength));
                    var options = new WindowOptions(maxLength, stride, contextFirst);

                    var windows = WindowBuilder.Build(Tokenizer, question, context, options);

                    var whole = Tokenizer.Encode(context, Bare);
                    WindowBuilder.Count(Tokenizer.Encode(question, Bare), whole, options).Should().Be(windows.Count);
                    var at = 0;
                    foreach (var window in windows)
                    {
                        window.Length.Should().BeLessThanOrEqualTo(maxLength);
                        var (start, end) = (window.ContextStart, window.ContextEnd);
                        var from = window.Index == 0 ? 0 : at - stride;
                        window.Ids[start..end].Should().Equal(whole.Ids.AsSpan(from, end - start).ToArray());
                        window.Offsets[start..end].Should().Equal(whole.Offsets.AsSpan(from, end - start).ToArray());
                        window.WordIds[start..end].Should().Equal(whole.WordIds.AsSpan(from, end - start).ToArray());
                        window.SequenceIds[start..end].Should().AllBeEquivalentTo(contextFirst ? 0 : 1);
                        if (window.Index < windows.Count - 1)
                            window.Length.Should().Be(maxLength, "only the last window may be short");
                        at = from + end - start;
                    }
                    at.Should().Be(whole.Length);
                    windows.Select(w => w.Index).Should().Equal(Enumerable.Range(0, windows.Count));
                },
                iter: 300
            );
    }

    [Fact]
    public void A_context_encoded_once_serves_many_questions()
    {
        var context = string.Concat(Enumerable.Repeat("oak barrels, river mill. ", 20));
        var options = new WindowOptions(MaxLength: 24, Stride: 5);
        var encoded = Tokenizer.Encode(context, Bare);

        foreach (var question in new[] { "river?", "a mill, a river?" })
            WindowBuilder
                .Build(Tokenizer, Tokenizer.Encode(question, Bare), encoded, options)
                .Should()
                .BeEquivalentTo(WindowBuilder.Build(Tokenizer, question, context, options));
    }

    [Fact]
    public void The_default_stride_is_128_or_half_of_a_short_window()
    {
        new WindowOptions().EffectiveStride.Should().Be(128);
        new WindowOptions(MaxLength: 100).EffectiveStride.Should().Be(50);
        new WindowOptions(MaxLength: 100, Stride: 7).EffectiveStride.Should().Be(7);
    }

    [Fact]
    public void A_question_without_room_is_refused_with_its_length_and_the_longest_that_fits()
    {
        var question = string.Join(' ', Enumerable.Repeat("oak", 17));
        var build = () => WindowBuilder.Build(Tokenizer, question, "river mill", new(MaxLength: 20, Stride: 0));

        var thrown = build.Should().Throw<WindowException>().Which;

        thrown.QuestionLength.Should().Be(17);
        thrown.LongestQuestion.Should().Be(16);
        thrown.Message.Should().Contain("17 tokens").And.Contain("may have 16");
    }

    [Fact]
    public void The_longest_question_named_in_a_refusal_is_accepted_and_one_more_is_not()
    {
        const string context = "oak barrels river mill oak barrels river mill oak barrels river mill";
        foreach (var stride in new[] { 0, 3 })
        {
            var options = new WindowOptions(MaxLength: 16, Stride: stride);
            var longest = Build(15, options).Should().Throw<WindowException>().Which.LongestQuestion;

            Build(longest, options).Should().NotThrow();
            Build(longest + 1, options).Should().Throw<WindowException>();
        }

        static Func<IReadOnlyList<TokenWindow>> Build(int questionLength, WindowOptions options) =>
            () => WindowBuilder.Build(Tokenizer, string.Join(' ', Enumerable.Repeat("oak", questionLength)), context, options);
    }

    [Theory]
    [InlineData(10, -1)]
    [InlineData(10, 9)]
    [InlineData(0, 0)]
    public void Options_that_fit_no_text_are_refused(int maxLength, int stride)
    {
        var build = () => WindowBuilder.Build(Tokenizer, "oak", "river", new(maxLength, stride));

        build.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Encodings_with_special_tokens_are_refused()
    {
        var build = () => WindowBuilder.Build(Tokenizer, Tokenizer.Encode("oak"), Tokenizer.Encode("river", Bare));

        build.Should().Throw<ArgumentException>().WithMessage("*AddSpecialTokens*");
    }
}
