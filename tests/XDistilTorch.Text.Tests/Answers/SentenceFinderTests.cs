using CsCheck;

namespace XDistilTorch;

public class SentenceFinderTests
{
    private static readonly string[] Words =
    [
        "tea",
        "won.",
        "Dr.",
        "No",
        "7.",
        "“so!”",
        "e.g.",
        "茶。",
        "🍵?",
        "...",
        "and",
        "(a)",
        "J.",
        "\n\n",
        "\f",
        "\r\n",
        "U.S.",
        "e\u0301t",
        ".",
    ];

    private static readonly Gen<string> Text =
        from words in Gen.Int[0, Words.Length - 1].Array[1, 250]
        from spaces in Gen.Int[0, 3].Array[words.Length]
        select string.Concat(words.Zip(spaces, (word, space) => Words[word] + new string(' ', Math.Min(space, 1))));

    private static readonly Gen<(string Text, TextSpan Span)> Spans =
        from text in Text
        from a in Gen.Int[0, text.Length]
        from b in Gen.Int[0, text.Length]
        select (text, new TextSpan(Math.Min(a, b), Math.Max(a, b)));

    // The span stands between < and >, the sentence between [ and ].
    [Theory]
    [InlineData("One. [Two <is> here.] Three.")]
    [InlineData("[<One>.] Two.")]
    [InlineData("One. [<Two>]")]
    [InlineData("[Is it <so>?] Yes!")]
    [InlineData("Is it so? [<Yes>!] No.")]
    [InlineData("First. [We asked <three. Then four> came.] Last.")]
    [InlineData("lower case. [it <works> too.] then on.")]
    public void Stops_before_white_space_end_sentences(string marked) => Check(marked);

    [Theory]
    [InlineData("Yes. [Then Dr. Lind and Mrs. <Oke> left.] No.")]
    [InlineData("Yes. [J. K. Moor met A. <Bell> there.] No.")]
    [InlineData("Yes. [Fruit, e.g. <apples>, i.e. food.] No.")]
    [InlineData("Yes. [It is 3.14 or <No. 7> of Vol. 12.] No.")]
    [InlineData("He said no. [<Seven> left.] Go.")]
    [InlineData("Yes. [The U.S. Navy <sailed> at 5 p.m. on deck.] No.")]
    [InlineData("They left at 5 p.m. [The <port> slept.] Yes.")]
    [InlineData("Cups, pots, etc. [They <broke>.] Yes.")]
    [InlineData("Yes. [Bolts, nuts, etc. were <sold> by Ost Inc. in May.] No.")]
    [InlineData("Do:\n\n[1. <Boil> water.]\n2. Wait.")]
    public void Abbreviations_initials_and_numbers_do_not(string marked) => Check(marked);

    [Theory]
    [InlineData("Yes. [“It is <hot>.”] She left.")]
    [InlineData("Yes. [\"Really?\" <she> asked.] No.")]
    [InlineData("Yes. [Well... perhaps <two>.] No.")]
    [InlineData("Yes… [So <two> (or three).] No.")]
    [InlineData("(One.) [<Two>!?] Three.")]
    public void Closing_quotes_belong_to_the_sentence(string marked) => Check(marked);

    [Theory]
    [InlineData("一杯茶。[<两>杯茶。]三杯茶。")]
    [InlineData("「一杯！」[<两>杯？」]三杯。")]
    public void Wide_stops_need_no_space(string marked) => Check(marked);

    [Theory]
    [InlineData("Title\n\n[Some <text>]\n\nMore")]
    [InlineData("Title\r\n \r\n[Some\r\n<text>]\r\n\r\nMore")]
    [InlineData("Page one\f[<page> two]\fthree")]
    [InlineData("Title\u2029[<text>]\u2029More")]
    public void Blank_lines_and_form_feeds_end_sentences_and_single_line_ends_do_not(string marked) => Check(marked);

    [Fact]
    public void The_sentence_is_a_slice_around_the_span_without_white_space_about_it() =>
        Spans.Sample(
            (text, span) =>
            {
                var found = SentenceFinder.Find(text, span);

                found.Start.Should().BeInRange(0, span.Start);
                found.End.Should().BeInRange(span.End, text.Length);
                (found.Start == span.Start || !char.IsWhiteSpace(text[found.Start])).Should().BeTrue();
                (found.End == span.End || !char.IsWhiteSpace(text[found.End - 1])).Should().BeTrue();
            }
        );

    [Fact]
    public void The_sentence_of_a_sentence_is_itself() =>
        Spans.Sample(
            (text, span) =>
            {
                var sentence = SentenceFinder.Find(text, span);

                // A longer one may have been cut, and reaches further from its own ends.
                if (sentence.Length < SentenceFinder.Reach / 2)
                    SentenceFinder.Find(text, sentence).Should().Be(sentence);
            }
        );

    [Fact]
    public void Text_without_stops_is_cut_between_words_within_reach()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"word{i}"));
        var span = new TextSpan(20_000, 20_003);

        var found = SentenceFinder.Find(text, span);

        found.Length.Should().BeInRange(SentenceFinder.Reach, (2 * SentenceFinder.Reach) + span.Length);
        text[found.Start - 1].Should().Be(' ');
        text[found.End].Should().Be(' ');
    }

    [Fact]
    public void Text_without_spaces_is_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("🍵e\u0301", 2000)); // four units
        var found = SentenceFinder.Find(text, new TextSpan(4001, 4002));

        found.Length.Should().BeInRange(SentenceFinder.Reach, (2 * SentenceFinder.Reach) + 1);
        char.IsLowSurrogate(text[found.Start]).Should().BeFalse();
        text[found.End].Should().Match<char>(c => c != '\u0301' && !char.IsLowSurrogate(c));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("”")]
    [InlineData("\n")]
    public void A_run_without_end_is_no_way_out_of_reach(string piece)
    {
        var text = "Tea." + string.Concat(Enumerable.Repeat(piece, 5000)) + " More.";

        SentenceFinder.Find(text, new TextSpan(0, 3)).End.Should().BeInRange(3, 3 + SentenceFinder.Reach);
    }

    [Theory, InlineData("."), InlineData(" "), InlineData(". "), InlineData(".\n"), InlineData("1. "), InlineData("\""), InlineData("a.")]
    public void Time_is_linear_whatever_the_text_is_made_of(string piece)
    {
        const int Longer = 64;
        var (small, large) = (Best(piece, 4_000), Best(piece, 4_000 * Longer));

        // Within one run: linear is 64, quadratic 4,096; what the machine does meanwhile fits in between.
        (large.TotalMicroseconds / Math.Max(small.TotalMicroseconds, 1.0))
            .Should()
            .BeLessThan(Longer * Longer / 4.0);
    }

    private static TimeSpan Best(string piece, int count)
    {
        var text = string.Concat(Enumerable.Repeat(piece, count));
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            SentenceFinder.Find(text, new TextSpan(text.Length / 2, (text.Length / 2) + 1));
            var time = System.Diagnostics.Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
        }
        return best;
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 1)]
    [InlineData(0, 5)]
    public void Spans_outside_the_text_are_refused(int start, int end) =>
        FluentActions.Invoking(() => SentenceFinder.Find("text", new TextSpan(start, end))).Should().Throw<ArgumentOutOfRangeException>();

    private static void Check(string marked)
    {
        static string Without(string text, string marks) => string.Concat(text.Where(c => !marks.Contains(c, StringComparison.Ordinal)));
        var text = Without(marked, "<>[]");
        var span = Without(marked, "[]");
        var start = span.IndexOf('<', StringComparison.Ordinal);
        var sentence = Without(marked, "<>");

        var found = SentenceFinder.Find(text, new TextSpan(start, span.IndexOf('>', StringComparison.Ordinal) - 1));

        found
            .Of(text)
            .Should()
            .Be(sentence[(sentence.IndexOf('[', StringComparison.Ordinal) + 1)..sentence.IndexOf(']', StringComparison.Ordinal)]);
    }
}
