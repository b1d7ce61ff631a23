using System.Text.Json;

namespace XDistilTorch.Decoding;

public class SquadDecoderGoldenTests
{
    [Theory(SkipTestWithoutData = true), MemberData(nameof(SquadGolden.Examples), MemberType = typeof(SquadGolden))]
    public void The_list_and_the_prediction_equal_the_reference(string name, int index, int example)
    {
        var golden = SquadGolden.Read(index, example);
        var windows = golden.Windows();
        var decoder = new SquadDecoder(golden.Options);
        if (windows.Length == 0)
        {
            decoder.Invoking(it => it.Decode(windows)).Should().Throw<ArgumentException>("{0} has no windows", name);
            return;
        }

        var decoding = decoder.Decode(windows);

        if (golden.UpstreamFails)
        {
            decoding.Prediction.Should().BeNull();
            return;
        }
        (decoding.Prediction?.TextIn(golden.Context) ?? "").Should().Be(golden.Prediction);
        decoding.NullOdds.Should().Be(golden.NullOdds);
        ShouldEqual(decoding.NBest, golden);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(SquadGolden.Answered), MemberType = typeof(SquadGolden))]
    public void The_answer_is_the_prediction_with_empty_as_no_answer(string name, int index, int example)
    {
        var golden = SquadGolden.Read(index, example);
        var spans = golden.NBest.Where(entry =>
            entry.GetProperty("offsets") is { ValueKind: JsonValueKind.Array } at && at[0].GetInt32() < at[1].GetInt32()
        );
        var isMadeUp = golden.Prediction == SquadEntry.EmptyText && golden.NBest[0].GetProperty("offsets").ValueKind == JsonValueKind.Null;

        var answer = new AnswerBuilder(golden.Context).FromSquad(
            golden.Question,
            new SquadDecoder(golden.Options).Decode(golden.Windows()),
            5,
            golden.Id
        );

        answer.Text.Should().Be(isMadeUp ? "" : golden.Prediction, name);
        answer.Answers.Select(span => span.Text).Should().Equal(spans.Take(5).Select(entry => entry.GetProperty("text").GetString()));
        answer
            .Answers.Select(span => (span.Start, span.End))
            .Should()
            .Equal(spans.Take(5).Select(entry => Pair(entry.GetProperty("offsets"))));
    }

    private static void ShouldEqual(IReadOnlyList<SquadEntry> list, SquadGoldenExample golden)
    {
        var expected = golden.NBest;
        var positions = new CodePointIndex(golden.Context);
        list.Should().HaveCount(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            list[i].TextIn(golden.Context).Should().Be(expected[i].GetProperty("text").GetString(), "entry {0}", i);
            list[i].StartLogit.Should().Be((float)expected[i].GetProperty("start_logit").GetDouble(), "entry {0}", i);
            list[i].EndLogit.Should().Be((float)expected[i].GetProperty("end_logit").GetDouble(), "entry {0}", i);
            list[i].Probability.Should().BeApproximately(expected[i].GetProperty("probability").GetDouble(), 1e-6, "entry {0}", i);

            // The reference's file gives no answer the place (0, 0) and "empty" none.
            TextSpan? span = list[i].Kind == SquadEntryKind.NoAnswer ? default(TextSpan) : list[i].Span;
            Pair(span).Should().Be(Pair(expected[i], "offsets_utf16"), "entry {0}", i);
            Pair(span is { } place ? new TextSpan(positions.ToCodePoint(place.Start), positions.ToCodePoint(place.End)) : null)
                .Should()
                .Be(Pair(expected[i], "offsets"), "entry {0}", i);
        }
    }

    private static (int, int) Pair(JsonElement offsets) => (offsets[0].GetInt32(), offsets[1].GetInt32());

    private static (int, int)? Pair(JsonElement entry, string name) =>
        entry.GetProperty(name) is { ValueKind: JsonValueKind.Array } offsets ? Pair(offsets) : null;

    private static (int, int)? Pair(TextSpan? span) => span is { } place ? (place.Start, place.End) : null;
}
