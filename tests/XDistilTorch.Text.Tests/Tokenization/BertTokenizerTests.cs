using System.Buffers;
using CsCheck;
using Microsoft.ML.Tokenizers;
using BertTokenizer = XDistilTorch.Tokenization.BertTokenizer;
using EncodeOptions = XDistilTorch.Tokenization.EncodeOptions;
using TokenizerException = XDistilTorch.Tokenization.TokenizerException;

namespace XDistilTorch.Text.Tests.Tokenization;

public class BertTokenizerTests
{
    private static readonly string[] Pieces =
    [
        .. TokenizerFolder.Pieces,
        "the",
        "un",
        "##aff",
        "##able",
        "cafe",
        "o",
        ".",
        "[",
        "]",
        "sep",
        "\u1100",
        "##\u1161",
        "a",
        "##b",
    ];

    private static readonly BertTokenizer Ours = BertTokenizer.Create(Pieces);

    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    // Any UTF-16 units at all: lone surrogates, astral characters, controls, marks, Hangul.
    internal static readonly Gen<string> AnyText = Gen.Frequency(
            (4, Gen.Char['a', 'c'].Select(c => c.ToString())),
            (2, Gen.Char[' ', '~'].Select(c => c.ToString())),
            (2, Gen.Char['\0', '\uffff'].Select(c => c.ToString())),
            (1, Gen.Char['\ud800', '\udfff'].Select(c => c.ToString())),
            (1, Gen.Char['\u0300', '\u036f'].Select(c => c.ToString())),
            (1, Gen.Char['\uac00', '\ud7a3'].Select(c => c.ToString())),
            (1, Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32)),
            (1, Gen.Int[0, 2].Select(i => new[] { "[SEP]", "\u302e", "\U0001d165" }[i]))
        )
        .Array[0, 40]
        .Select(string.Concat);

    [Fact]
    public void Any_text_is_encoded_and_every_offset_is_a_slice_of_it_that_never_goes_back()
    {
        Gen.Select(AnyText, Gen.Bool, Gen.Bool)
            .Sample(t =>
            {
                var (text, split, special) = t;

                var encoding = Ours.Encode(text, new() { SplitSpecialTokens = split, AddSpecialTokens = special });

                int start = 0,
                    end = 0;
                for (var i = 0; i < encoding.Length; i++)
                {
                    if (encoding.SpecialTokensMask[i] == 1)
                        continue;
                    var place = encoding.Offsets[i];
                    place.Start.Should().BeGreaterThanOrEqualTo(start);
                    place.End.Should().BeGreaterThanOrEqualTo(end).And.BeGreaterThan(place.Start).And.BeLessThanOrEqualTo(text.Length);
                    place.Of(text).Should().NotBeEmpty();
                    (start, end) = (place.Start, place.End);
                }
            });
    }

    [Fact]
    public void Code_point_offsets_say_the_same_as_UTF16_offsets()
    {
        Gen.Select(AnyText, AnyText)
            .Sample(t =>
            {
                var encoding = Ours.Encode(t.Item1, t.Item2);

                var converted = encoding.GetCodePointOffsets();

                for (var i = 0; i < encoding.Length; i++)
                {
                    var text = encoding.SequenceIds[i] == 1 ? t.Item2 : t.Item1;
                    converted[i]
                        .Should()
                        .Be((CodePointsBefore(text, encoding.Offsets[i].Start), CodePointsBefore(text, encoding.Offsets[i].End)));
                }
            });
    }

    [Fact]
    public void Texts_of_one_character_more_or_less_never_change_the_tokens_of_words_far_before()
    {
        AnyText.Sample(text =>
        {
            var alone = Ours.Encode(text, Bare);
            var followed = Ours.Encode(text + " the oak", Bare);

            followed.Ids.Should().Equal([.. alone.Ids, .. Ours.Encode("the oak", Bare).Ids]);
        });
    }

    [Fact]
    public void The_normaliser_and_the_split_together_give_the_same_tokens_as_the_one_pass()
    {
        AnyText.Sample(text =>
        {
            var normalized = Ours.Normalizer.Normalize(text);
            var words = Ours.PreTokenizer.PreTokenize(normalized).Select(w => normalized.Substring(w.Offset, w.Length));

            words.SelectMany(w => Ours.Model.Encode(w)).Should().Equal(Ours.Encode(text, Bare).Ids);
        });
    }

    [Theory]
    [InlineData("oa\ud800k", "oak")]
    [InlineData("\udc00oak", "oak")]
    [InlineData("oak\ud800", "oak")]
    [InlineData("\udc00\ud800", "")]
    public void A_lone_surrogate_is_dropped_as_U_FFFD_is(string text, string same)
    {
        Ours.Encode(text).Ids.Should().Equal(Ours.Encode(same).Ids);
        Ours.Encode(text.Replace('\ud800', '\ufffd').Replace('\udc00', '\ufffd')).Offsets.Should().Equal(Ours.Encode(text).Offsets);
    }

    [Fact]
    public void Of_special_tokens_that_begin_alike_the_longest_is_found()
    {
        var tokenizer = BertTokenizer.Create([.. Pieces, "[SEP]oak", "[SE"], new() { AdditionalSpecialTokens = ["[SE", "[SEP]oak"] });
        var options = new EncodeOptions { AddSpecialTokens = false, SplitSpecialTokens = false };

        tokenizer.Encode("the[SEP]oak[SEP]o [SE", options).Tokens.Should().Equal("the", "[SEP]oak", "[SEP]", "o", "[SE");
        tokenizer.Encode("[SEP]", Bare).Tokens.Should().Equal("[", "sep", "]");
    }

    [Fact]
    public void A_pair_is_encoded_with_both_separators_even_when_the_second_text_is_empty()
    {
        var encoding = Ours.Encode("oak", "");

        encoding.Tokens.Should().Equal("[CLS]", "oak", "[SEP]", "[SEP]");
        encoding.TypeIds.Should().Equal(0, 0, 0, 1);
        encoding.SequenceIds.Should().Equal(-1, 0, -1, -1);
    }

    [Fact]
    public void A_pair_counts_words_offsets_and_segments_in_each_text()
    {
        var encoding = Ours.Encode("the oak", "the barrels");

        encoding.Tokens.Should().Equal("[CLS]", "the", "oak", "[SEP]", "the", "barrel", "##s", "[SEP]");
        encoding.TypeIds.Should().Equal(0, 0, 0, 0, 1, 1, 1, 1);
        encoding.SequenceIds.Should().Equal(-1, 0, 0, -1, 1, 1, 1, -1);
        encoding.WordIds.Should().Equal(-1, 0, 1, -1, 0, 1, 1, -1);
        encoding.SpecialTokensMask.Should().Equal(1, 0, 0, 1, 0, 0, 0, 1);
        encoding.Offsets[6].Of(encoding.Pair!).Should().Be("s");
        Ours.Encode("the oak", "the barrels", Bare).Tokens.Should().Equal("the", "oak", "the", "barrel", "##s");
    }

    // The right sides were computed with the reference's decoder.
    [Theory]
    [InlineData(
        new[] { "[CLS]", "the", "oak", ",", "un", "##aff", "##able", ".", "[SEP]" },
        "[CLS] the oak, unaffable. [SEP]",
        "the oak, unaffable."
    )]
    [InlineData(new[] { "##s", "##s", "[SEP]", "##s" }, "##ss [SEP]s", "##sss")]
    [InlineData(new[] { "[CLS]", "##s" }, "[CLS]s", "##s")]
    [InlineData(new[] { ".", "." }, "..", "..")]
    [InlineData(new string[0], "", "")]
    public void Ids_are_put_together_as_by_the_reference(string[] tokens, string whole, string withoutSpecial)
    {
        var ids = tokens.Select(t => Array.IndexOf(Pieces, t)).ToArray();

        Ours.Decode(ids).Should().Be(whole);
        Ours.Decode(ids, skipSpecialTokens: true).Should().Be(withoutSpecial);
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_refused()
    {
        var decode = () => Ours.Decode([0, Pieces.Length]);

        decode.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*0 to {Pieces.Length - 1}*");
    }

    [Fact]
    public void A_vocabulary_without_its_special_tokens_or_with_a_piece_twice_is_refused()
    {
        var lacking = () => BertTokenizer.Create(["[PAD]", "[UNK]", "oak"]);
        var twice = () => BertTokenizer.Create([.. Pieces, "oak"]);

        lacking.Should().Throw<TokenizerException>().WithMessage("*'[CLS]'*'[SEP]'*");
        twice.Should().Throw<TokenizerException>().WithMessage("*'oak' twice*");
    }

    [Fact]
    public void One_tokenizer_serves_many_threads()
    {
        var texts = Enumerable.Range(0, 64).Select(i => string.Concat(Enumerable.Repeat($"the oak, unaffable{i} barrels. ", i))).ToArray();
        var alone = texts.Select(t => Ours.Encode(t).Ids).ToArray();

        Parallel.For(0, 2000, i => Ours.Encode(texts[i % 64]).Ids.Should().Equal(alone[i % 64]));
    }

    [Fact]
    public void Code_written_for_Microsoft_ML_Tokenizers_takes_it()
    {
        Tokenizer tokenizer = Ours;
        const string text = "The barrels,\u00a0Caf\u00e9.";

        var tokens = tokenizer.EncodeToTokens(text, out var normalized);

        normalized.Should().BeNull("offsets index the original text");
        tokens.Select(t => t.Value).Should().Equal("the", "barrel", "##s", ",", "cafe", ".");
        tokens.Select(t => text[t.Offset]).Should().Equal("The", "barrel", "s", ",", "Caf\u00e9", ".");
        tokenizer.EncodeToIds(text).Should().Equal(tokens.Select(t => t.Id));
        tokenizer.EncodeToIds(text.AsSpan()).Should().Equal(tokens.Select(t => t.Id));
        tokenizer.CountTokens(text).Should().Be(6);
        tokenizer.Decode(tokenizer.EncodeToIds(text)).Should().Be("the barrels, cafe.");
        tokenizer.EncodeToIds("oak oak", considerNormalization: true, considerPreTokenization: false).Should().Equal(Ours.UnkId);
        tokenizer
            .EncodeToIds("Oak oak,", considerNormalization: false)
            .Should()
            .Equal(Ours.UnkId, Array.IndexOf(Pieces, "oak"), Array.IndexOf(Pieces, ","));
    }

    [Fact]
    public void Decoding_into_a_span_stops_where_it_is_full()
    {
        int[] ids = [.. Ours.EncodeToIds("the oak barrels")];
        Span<char> destination = stackalloc char[10];

        Ours.Decode(ids, destination, out var consumed, out var written).Should().Be(OperationStatus.DestinationTooSmall);
        destination[..written].ToString().Should().Be("the oak");
        consumed.Should().Be(2);
        Ours.Decode(ids, new char[15], out consumed, out written).Should().Be(OperationStatus.Done);
        (consumed, written).Should().Be((4, 15));
    }

    [Fact]
    public void A_text_cut_at_a_number_of_tokens_has_no_more_than_those()
    {
        Gen.Select(AnyText, Gen.Int[1, 12])
            .Sample(t =>
            {
                var (text, limit) = t;
                var all = Ours.CountTokens(text);

                var end = Ours.GetIndexByTokenCount(text, limit, out _, out var fromStart);
                var start = Ours.GetIndexByTokenCountFromEnd(text, limit, out _, out var fromEnd);

                fromStart.Should().BeLessThanOrEqualTo(limit);
                fromEnd.Should().BeLessThanOrEqualTo(limit);
                Ours.CountTokens(text[..end]).Should().Be(fromStart);
                if (all <= limit)
                    (end, start).Should().Be((text.Length, 0));
                Ours.EncodeToIds(text, limit, out _, out var consumed).Should().HaveCount(fromStart);
                consumed.Should().Be(end);
            });
    }

    [Fact]
    public void A_cut_does_not_go_through_a_syllable_of_several_tokens_nor_from_the_end_through_a_word()
    {
        const string text = "a\uac00 unaffable"; // a, then the two jamo of one syllable
        Ours.EncodeToTokens("\uac00 un", out _).Select(t => t.Offset).Should().Equal(0..1, 0..1, 2..4);

        Ours.GetIndexByTokenCount("\uac00 un", 1, out _, out var count).Should().Be(0);
        count.Should().Be(0);
        Ours.GetIndexByTokenCount("\uac00 un", 2, out _, out count).Should().Be(1);
        count.Should().Be(2);
        Ours.GetIndexByTokenCountFromEnd(text, 2, out _, out count).Should().Be(text.Length);
        count.Should().Be(0);
        Ours.GetIndexByTokenCountFromEnd(text, 3, out _, out count).Should().Be(text.IndexOf("un", StringComparison.Ordinal));
        count.Should().Be(3);
    }

    [Fact]
    public void A_cut_does_not_go_between_marks_that_change_places()
    {
        const string text = "\u036d\u302e a"; // the second mark comes first in canonical order, and stays
        Ours.EncodeToTokens(text, out _).Select(t => t.Offset).Should().Equal(0..1, 3..4);

        Ours.GetIndexByTokenCount(text, 1, out _, out var count).Should().Be(0, "of the first mark alone nothing would stay");
        count.Should().Be(0);
        Ours.GetIndexByTokenCount(text, 2, out _, out count).Should().Be(text.Length);
        count.Should().Be(2);
    }

    private static int CodePointsBefore(string text, int index)
    {
        var count = 0;
        for (var i = 0; i < index; i++)
            if (!(i > 0 && char.IsSurrogatePair(text[i - 1], text[i])))
                count++;
        return count;
    }
}
