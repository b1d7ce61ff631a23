using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Tests.Prediction;

public class RowSampleTests
{
    private static IEnumerable<DataItem> Items(int count) =>
        Enumerable
            .Range(0, count)
            .Select(i => new DataItem(
                new QuestionRow
                {
                    Id = $"{i}",
                    Question = "who?",
                    Context = "osei",
                },
                []
            ));

    [Fact]
    public void A_seed_gives_the_same_rows_and_more_of_them_where_more_are_asked_for()
    {
        var few = RowSample.Of(Items(1000), 20, seed: 1);
        var more = RowSample.Of(Items(1000), 50, seed: 1);

        few.Should().HaveCount(20).And.BeSubsetOf(more).And.BeEquivalentTo(RowSample.Of(Items(1000), 20, seed: 1));
        few.Should().BeInAscendingOrder();
        RowSample.Of(Items(1000), 20, seed: 2).Should().NotBeEquivalentTo(few);
    }

    [Fact]
    public void Every_row_is_chosen_as_often_as_every_other()
    {
        var times = Enumerable.Range(0, 1000).SelectMany(seed => RowSample.Of(Items(20), 5, seed)).GroupBy(row => row);

        // 250 times each, with a standard deviation of 13.7.
        times.Select(row => row.Count()).Should().HaveCount(20).And.OnlyContain(count => count > 200 && count < 300);
    }

    [Fact]
    public void Where_there_are_fewer_rows_all_are_taken_and_what_is_no_row_is_not_counted() =>
        RowSample.Of(Items(3).Append(new DataItem(null, [])), 10, seed: 1).Should().Equal(1, 2, 3);
}
