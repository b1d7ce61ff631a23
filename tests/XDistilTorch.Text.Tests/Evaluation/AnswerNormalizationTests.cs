namespace XDistilTorch.Evaluation;

public class AnswerNormalizationTests
{
    [Fact]
    public void Every_text_is_normalised_as_by_the_official_script()
    {
        var cases = MetricsGolden.Read("normalize.json").GetProperty("cases").EnumerateArray().ToArray();

        cases.Should().NotBeEmpty();
        foreach (var golden in cases)
            AnswerNormalization
                .Normalize(golden.GetProperty("text").GetString()!)
                .Should()
                .Be(golden.GetProperty("normalized").GetString(), "of {0}", golden.GetProperty("text").GetRawText());
    }

    // Not in JSON: it cannot say half a character. Python keeps lone surrogates, which are neither words nor white space.
    [Theory]
    [InlineData("the\ud800 Cat", "\ud800 cat")]
    [InlineData("\udc00a", "\udc00")]
    [InlineData("\u0391\u03a3\ud800", "\u03b1\u03c2\ud800")]
    [InlineData("\u0391\ud800\u03a3", "\u03b1\ud800\u03c3")]
    public void A_lone_surrogate_stays_and_parts_words(string text, string normalized) =>
        AnswerNormalization.Normalize(text).Should().Be(normalized);

    // Python: U+02B0 is skipped though it has case, the ordinal indicator and the Roman numeral are not, an astral capital counts.
    [Theory]
    [InlineData("\u02b0\u03a3", "\u02b0\u03c3")]
    [InlineData("\u00aa\u03a3", "\u00aa\u03c2")]
    [InlineData("\u2160\u03a3", "\u2170\u03c2")]
    [InlineData("\U00010400\u03a3", "\U00010428\u03c2")]
    [InlineData("\u0391\u03a3\U00010400", "\u03b1\u03c3\U00010428")]
    [InlineData("\u0391\U000e0001\u03a3", "\u03b1\U000e0001\u03c2")]
    public void Sigma_at_the_end_of_a_word_is_the_final_one(string text, string normalized) =>
        AnswerNormalization.Normalize(text).Should().Be(normalized);
}
