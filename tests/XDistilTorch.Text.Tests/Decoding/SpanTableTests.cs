namespace XDistilTorch.Decoding;

public class SpanTableTests
{
    [Theory, InlineData(0), InlineData(1000), InlineData(1_000_000)]
    public void However_many_spans_there_are_each_is_kept_once_with_its_highest_score(int expected)
    {
        using var table = new SpanTable(expected);
        for (var round = 0; round < 2; round++)
        {
            for (var window = 0; window < 3; window++)
            for (var i = 0; i < 100_000; i++)
                table.Add(new ScoredPlace(new TextSpan(i / 30, (i / 30) + (i % 30)), i % 7 * (window == 1 ? 2 : 1), window, i, i));

            table.Entries.Length.Should().Be(100_000);
            for (var i = 0; i < table.Entries.Length; i++)
                if (
                    table.Entries[i].StartToken != i
                    || table.Entries[i].Window != (i % 7 == 0 ? 0 : 1)
                    || table.Entries[i].Score != i % 7 * 2
                )
                    Assert.Fail($"entry {i} is {table.Entries[i]}");
            table.Clear();
        }
    }

    [Fact]
    public void Lists_longer_than_the_first_ranking_are_found_too()
    {
        // All spans but the first and the last, which score lowest, overlap the best.
        var spans = Enumerable
            .Range(0, 5000)
            .Select(i => new ScoredPlace(new TextSpan(10 + (i % 50), 60 + (i / 50)), 9 - (i / 5000d), 0, 0, 0))
            .Prepend(new ScoredPlace(new TextSpan(0, 5), 0, 0, 0, 0))
            .Append(new ScoredPlace(new TextSpan(300, 305), 0, 0, 0, 0))
            .ToArray();

        RankedPlace
            .Greedy(spans, 3)
            .Select(span => span.Place)
            .Should()
            .Equal([new TextSpan(10, 60), new TextSpan(0, 5), new TextSpan(300, 305)]);
    }
}
