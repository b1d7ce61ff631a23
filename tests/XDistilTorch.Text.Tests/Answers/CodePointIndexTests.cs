using System.Text;
using CsCheck;

namespace XDistilTorch;

public class CodePointIndexTests
{
    // Pairs, lone halves of both kinds and plain letters, in any order.
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Char['a', 'c'], Gen.Char['\uD83C', '\uD83D'], Gen.Char['\uDF74', '\uDF76'])
        .Array[0, 80]
        .Select(chars => new string(chars));

    [Fact]
    public void Positions_agree_with_walking_the_text() =>
        Text.Sample(text =>
        {
            var index = new CodePointIndex(text);
            var at = 0;
            var codePoint = 0;
            foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes as one rune of one unit
            {
                index.ToCodePoint(at).Should().Be(codePoint);
                index.ToUtf16(codePoint).Should().Be(at);
                if (rune.Utf16SequenceLength == 2)
                    index.ToCodePoint(at + 1).Should().Be(codePoint, "a position inside a pair belongs to the pair");
                at += rune == Rune.ReplacementChar ? 1 : rune.Utf16SequenceLength;
                codePoint++;
            }
            (index.Count, index.ToCodePoint(text.Length), index.ToUtf16(codePoint)).Should().Be((codePoint, codePoint, text.Length));
        });

    [Fact]
    public void Spans_go_there_and_back()
    {
        var index = new CodePointIndex("a🍵b🍵c");

        index.ToCodePoints(new TextSpan(1, 4)).Should().Be((1, 3));
        index.ToSpan(1, 3).Should().Be(new TextSpan(1, 4));
    }

    [Theory]
    [InlineData("abc", 4)]
    [InlineData("abc", -1)]
    [InlineData("a🍵", 4)]
    public void Places_outside_the_text_are_refused(string text, int utf16) =>
        new CodePointIndex(text).Invoking(index => index.ToCodePoint(utf16)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData("abc", 4)]
    [InlineData("abc", -1)]
    [InlineData("a🍵", 3)]
    public void Code_points_outside_the_text_are_refused(string text, int codePoint) =>
        new CodePointIndex(text).Invoking(index => index.ToUtf16(codePoint)).Should().Throw<ArgumentOutOfRangeException>();
}
