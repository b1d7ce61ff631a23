using System.Collections.Concurrent;
using CsCheck;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

/// <summary>Marks that stay beside marks that are dropped: rare, and no single code point shows what becomes of them.</summary>
public class CanonicalOrderTests
{
    private static readonly BertTokenizer Tokenizer = BertTokenizer.Create([
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "a",
        "##\u302e",
        "##\U0001d165",
        "##\u302f",
        "\u302e",
        "##\U0001d16d",
        "##a",
    ]);

    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    // The right sides were computed with the Rust library tokenizers (0.23) on this vocabulary; offsets in code points.
    [Theory]
    [InlineData("a\u302e\u0316", "a ##\u302e", new[] { 0, 1, 2, 3 })]
    [InlineData("a\u0316\u302e", "a ##\u302e", new[] { 0, 1, 2, 3 })]
    [InlineData("\u00e1\u302e", "a ##\u302e", new[] { 0, 1, 1, 2 })]
    [InlineData("a\u0301\u302e\u0316", "a ##\u302e", new[] { 0, 1, 2, 3 })]
    [InlineData("a\u302e\U0001d165", "a ##\U0001d165 ##\u302e", new[] { 0, 1, 1, 2, 2, 3 })]
    [InlineData("a\U0001d16d\u302e\U0001d165a", "a ##\U0001d165 ##\u302e ##\U0001d16d ##a", new[] { 0, 1, 1, 2, 2, 3, 3, 4, 4, 5 })]
    [InlineData("\u302e\u0316 a", "\u302e a", new[] { 1, 2, 3, 4 })]
    [InlineData("a\u0344\u302e\u0327a", "a ##\u302e ##a", new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData("a\u200b\u0301\u302f\u200b\u302ea", "a ##\u302f ##\u302e ##a", new[] { 0, 1, 2, 3, 3, 4, 6, 7 })]
    [InlineData("A\u302e\u05b0\U0001d165\u0345 \u302e", "a ##\U0001d165 ##\u302e \u302e", new[] { 0, 1, 2, 3, 3, 4, 6, 7 })]
    public void Marks_and_their_places_are_ordered_as_by_the_reference(string text, string tokens, int[] offsets)
    {
        var encoding = Tokenizer.Encode(text, Bare);

        string.Join(' ', encoding.Tokens).Should().Be(tokens);
        encoding.GetCodePointOffsets().SelectMany(o => new[] { o.Start, o.End }).Should().Equal(offsets);
    }

    [Fact]
    public void The_table_gives_every_word_the_place_that_the_steps_of_the_normaliser_give_it()
    {
        var tokenizers = new ConcurrentDictionary<BertTokenizerOptions, BertTokenizer>();
        var characters = Gen.Frequency(
            (4, Gen.Char['a', 'c'].Select(c => (int)c)),
            (3, Gen.Int[0x300, 0x36f]),
            (1, Gen.Int[0x20, 0x24ff]),
            (1, Gen.Int[0, 0x10ffff]),
            (2, Gen.Int[0, 4].Select(i => new[] { 0x302e, 0x1d165, 0x1d16d, 0x1e000, 0xac00 }[i]))
        );
        Gen.Select(characters.Array[0, 30], Gen.Bool, Gen.Bool.Nullable(), Gen.Bool)
            .Sample(
                t =>
                {
                    var text = string.Concat(
                        t.Item1.Select(c => c is >= 0xd800 and < 0xe000 ? ((char)c).ToString() : char.ConvertFromUtf32(c))
                    );
                    var options = new BertTokenizerOptions
                    {
                        LowerCase = t.Item2,
                        StripAccents = t.Item3,
                        TokenizeChineseChars = t.Item4,
                    };
                    var encoding = tokenizers.GetOrAdd(options, o => BertTokenizer.Create(Tokenizer.Vocabulary, o)).Encode(text, Bare);

                    var words = encoding
                        .Offsets.Zip(encoding.WordIds)
                        .GroupBy(p => p.Second, p => p.First)
                        .Select(w => new TextSpan(w.First().Start, w.Last().End));

                    words.Should().Equal(WordsInSteps(text, options));
                },
                iter: 5000
            );
    }

    private static List<TextSpan> WordsInSteps(string text, BertTokenizerOptions options)
    {
        var words = new List<TextSpan>();
        TextSpan? word = null;
        foreach (var (character, place) in new BertNormalizer(options).NormalizeInSteps(text, 0))
        {
            if (character != ' ' && !BertUnicode.IsPunctuation(character))
            {
                word = new TextSpan(word?.Start ?? place.Start, place.End);
                continue;
            }
            if (word is { } ended)
                words.Add(ended);
            word = null;
            if (character != ' ')
                words.Add(place);
        }
        if (word is { } last)
            words.Add(last);
        return words;
    }
}
