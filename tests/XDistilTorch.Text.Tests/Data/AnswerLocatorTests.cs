using CsCheck;

namespace XDistilTorch.Data;

public class AnswerLocatorTests
{
    private const string Context = "🎉 One café, two cafés. 🚀 Ünal closed the mill in 1888.";

    [Theory]
    [InlineData("1888", 49L, AnswerMeant.AsWritten, 49)]
    [InlineData("1888", 51L, AnswerMeant.Utf16Units, 49)]
    [InlineData("1888", 58L, AnswerMeant.Utf8Bytes, 49)]
    [InlineData("1888", 7L, AnswerMeant.OnlyPlace, 49)]
    [InlineData("1888", null, AnswerMeant.OnlyPlace, 49)]
    [InlineData("1888", long.MaxValue, AnswerMeant.OnlyPlace, 49)]
    [InlineData("1888", long.MinValue, AnswerMeant.OnlyPlace, 49)]
    [InlineData("café", null, AnswerMeant.SeveralPlaces, null)]
    [InlineData("CAFÉS", 0L, AnswerMeant.OtherCase, null)]
    [InlineData("cafe\u0301s", 0L, AnswerMeant.OtherComposition, null)]
    [InlineData("U\u0308nal", null, AnswerMeant.OtherComposition, null)]
    [InlineData("1889", 49L, AnswerMeant.Nowhere, null)]
    public void Says_what_a_start_means(string text, long? start, AnswerMeant meant, int? found)
    {
        var location = new AnswerLocator(Context).Locate(text, start);

        location.Meant.Should().Be(meant);
        location.Start.Should().Be(found);
        location.Span?.Of(Context).Should().Be(text);
    }

    [Fact]
    public void Lists_five_places_of_many() => new AnswerLocator("aaaaaaaa").Locate("aa", null).Places.Should().Equal(0, 1, 2, 3, 4);

    [Fact]
    public void Both_ways_of_counting_agree() =>
        DataExamples.Row.Sample(row =>
        {
            var locator = new AnswerLocator(row.Context);
            foreach (var answer in row.Answers ?? [])
            {
                locator.SpanAt(answer.Text, answer.Start).Should().Be(answer.Span);
                locator.Locate(answer.Text, answer.Start).Meant.Should().Be(AnswerMeant.AsWritten);
                row.Context.EnumerateRunes()
                    .Take((int)answer.Start!)
                    .Sum(rune => rune.Utf16SequenceLength)
                    .Should()
                    .Be(answer.Span!.Value.Start);
            }
        });

    [Fact]
    public void Fills_in_what_is_certain_and_lists_the_rest()
    {
        var row = Row(new("1888", null, null), new("café", null, null), new("Ünal", 3, null), new("mill", 41, new(43, 47)));

        var located = AnswerLocator.Fill(row);

        located
            .Row.Answers.Should()
            .Equal(new GoldAnswer("1888", 49, new(51, 55)), new("café", null, null), new("Ünal", 3, null), new("mill", 41, new(43, 47)));
        located.Open.Select(open => (open.Index, open.Meant)).Should().Equal((1, AnswerMeant.SeveralPlaces), (2, AnswerMeant.OnlyPlace));
        located.Open[0].Places.Should().Equal(6, 16);
        row.Answers![0].Start.Should().BeNull();
    }

    [Fact]
    public void Corrects_wrong_starts_when_asked_to()
    {
        var located = AnswerLocator.Fill(Row(new("Ünal", 3, null), new("café", 1, null)), alsoWrong: true);

        located.Row.Answers.Should().Equal(new GoldAnswer("Ünal", 25, new(27, 31)), new("café", 1, null));
        located.Open.Should().ContainSingle(open => open.Index == 1);
    }

    private static QuestionRow Row(params GoldAnswer[] answers) =>
        new()
        {
            Id = "a",
            Question = "When?",
            Context = Context,
            Answers = answers,
        };
}
