using CsCheck;

namespace XDistilTorch.Decoding;

public class BestOfTests
{
    [Fact]
    public void The_best_are_those_of_a_full_sort_whatever_the_order_they_come_in() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[-20, 20].Array[0, 400])
            .Sample(
                (wanted, logits) =>
                {
                    var ranked = RankedToken
                        .Best(Array.ConvertAll(logits, logit => (float)logit), new BestOf<RankedToken>(wanted))
                        .ToArray();

                    var sorted = logits.Select((logit, token) => (logit, token)).OrderByDescending(pair => pair).Take(wanted);
                    ranked.Select(it => ((int)it.Logit, it.Token)).Should().Equal(sorted);
                }
            );

    [Fact]
    public void Rising_values_push_all_earlier_ones_out()
    {
        var best = new BestOf<RankedToken>(3);

        RankedToken
            .Best([.. Enumerable.Range(0, 1000).Select(i => (float)i)], best)
            .ToArray()
            .Select(it => it.Token)
            .Should()
            .Equal(999, 998, 997);
        RankedToken.Best([5, 6], best).ToArray().Select(it => it.Token).Should().Equal([1, 0], "nothing is left of the window before");
    }

    [Fact]
    public void Of_equal_logits_the_later_token_wins_zeros_of_both_signs_included() =>
        RankedToken.Best([0f, -0f, 0f, -1f], new BestOf<RankedToken>(2)).ToArray().Select(it => it.Token).Should().Equal(2, 1);
}
