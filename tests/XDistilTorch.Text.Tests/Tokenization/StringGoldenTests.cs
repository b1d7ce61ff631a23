using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

public class StringGoldenTests
{
    private static readonly EncodeOptions AsTheReference = new() { AddSpecialTokens = false, SplitSpecialTokens = false };

    private sealed record StringFile(StringCase[] Cases);

    private sealed record StringCase : GoldenEncoding
    {
        public required string Name { get; init; }
        public required string Text { get; init; }
        public GoldenEncoding? WithSpecial { get; init; }
        public GoldenEncoding? SplitSpecial { get; init; }
    }

    private sealed record VariantFile(Dictionary<string, VariantOptions> Options, VariantCase[] Cases);

    internal sealed record VariantOptions(bool DoLowerCase, bool? StripAccents, bool TokenizeChineseChars)
    {
        public BertTokenizerOptions ToOptions() =>
            new()
            {
                LowerCase = DoLowerCase,
                StripAccents = StripAccents,
                TokenizeChineseChars = TokenizeChineseChars,
            };
    }

    private sealed record VariantCase(string Name, string Text, Dictionary<string, GoldenEncoding> Results);

    [Fact]
    public void Every_text_is_encoded_as_by_the_reference()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var golden in TokenizerGoldens.Read<StringFile>("strings.json").Cases)
            mismatches.Check(golden.Name, golden.Differences(tokenizer.Encode(golden.Text, AsTheReference)));
        mismatches.ShouldBeNone();
    }

    [Fact]
    public void Every_text_is_normalised_as_by_the_reference()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var golden in TokenizerGoldens.Read<StringFile>("strings.json").Cases)
            mismatches.Check(golden.Name, Difference(golden.Normalized, tokenizer.Normalizer.Normalize(golden.Text)));
        mismatches.ShouldBeNone();
    }

    [Fact]
    public void Special_tokens_are_added_as_by_the_reference()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var golden in TokenizerGoldens.Read<StringFile>("strings.json").Cases)
            if (golden.WithSpecial is { } expected)
                mismatches.Check(golden.Name, expected.Differences(tokenizer.Encode(golden.Text, new() { SplitSpecialTokens = false })));
        mismatches.ShouldBeNone();
    }

    [Fact]
    public void By_default_a_special_token_in_a_text_is_text()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var golden in TokenizerGoldens.Read<StringFile>("strings.json").Cases)
            if (golden.SplitSpecial is { } expected)
                mismatches.Check(golden.Name, expected.Differences(tokenizer.Encode(golden.Text, new() { AddSpecialTokens = false })));
        mismatches.ShouldBeNone();
    }

    [Fact]
    public void Every_set_of_options_is_followed_as_by_the_reference()
    {
        var file = TokenizerGoldens.Read<VariantFile>("variants.json");
        var mismatches = new Mismatches();
        foreach (var (variant, options) in file.Options)
        {
            var tokenizer = TokenizerGoldens.Tokenizer(options.ToOptions());
            foreach (var golden in file.Cases)
            {
                var expected = golden.Results[variant];
                mismatches.Check($"{golden.Name} {variant}", expected.Differences(tokenizer.Encode(golden.Text, AsTheReference)));
                mismatches.Check(
                    $"{golden.Name} {variant} normalized",
                    Difference(expected.Normalized, tokenizer.Normalizer.Normalize(golden.Text))
                );
            }
        }
        mismatches.ShouldBeNone();
    }

    private static string? Difference(string? expected, string found) =>
        string.Equals(expected, found, StringComparison.Ordinal) ? null : $"expected '{expected}', found '{found}'";
}
