using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Tests.Inspection.Attribution;

public class AttributionAgreementTests
{
    private static TokenAttribution Made(params double[] values) => new("made", LogitTarget.Null, values, 0, null);

    [Fact]
    public void A_method_agrees_with_itself_and_not_with_its_opposite()
    {
        var random = new Random(5);
        var one = Made([.. Enumerable.Range(0, 40).Select(_ => random.NextDouble())]);
        var opposite = Made([.. one.Values.Select(value => -value)]);
        int[] positions = [.. Enumerable.Range(4, 30)];

        var self = AttributionAgreement.Of(one, one, positions);
        var turned = AttributionAgreement.Of(one, opposite, positions);

        self.Spearman.Should().BeApproximately(1, 1e-12);
        self.TopOverlap.Should().Be(1);
        turned.Spearman.Should().BeApproximately(-1, 1e-12);
        turned.TopOverlap.Should().Be(0);
    }

    [Fact]
    public void Only_the_positions_asked_for_count()
    {
        var agreement = AttributionAgreement.Of(Made(9, 1, 2, 3, -9), Made(-9, 10, 20, 30, 9), [1, 2, 3], top: 2);

        agreement.Spearman.Should().BeApproximately(1, 1e-12);
        agreement.TopOverlap.Should().Be(1);
    }

    [Fact]
    public void The_overlap_counts_what_both_put_at_the_top()
    {
        AttributionAgreement.Of(Made(4, 3, 2, 1), Made(4, 1, 2, 3), [0, 1, 2, 3], top: 2).TopOverlap.Should().Be(0.5);
        AttributionAgreement.Of(Made(4, 3), Made(1, 2), [0, 1]).TopOverlap.Should().Be(1, "there are no more than two");
    }

    [Fact]
    public void Every_pair_is_compared_once() =>
        AttributionAgreement.OfAll([Made(1, 2), Made(2, 1), Made(1, 2)], [0, 1]).Select(pair => pair.Spearman).Should().Equal(-1, 1, -1);

    // 6 values with ties, as scipy.stats.spearmanr computes it: Pearson's correlation of mean ranks.
    [Fact]
    public void Ties_share_the_mean_of_their_ranks() =>
        RankCorrelation.Spearman([1, 2, 2, 3, 4, 4], [2, 1, 3, 3, 5, 4]).Should().BeApproximately(14.25 / Math.Sqrt(16.5 * 17), 1e-12);

    [Fact]
    public void Where_nothing_is_told_apart_there_is_no_correlation()
    {
        RankCorrelation.Spearman([1, 1, 1], [1, 2, 3]).Should().BeNull();
        RankCorrelation.Spearman([], []).Should().BeNull();
    }

    [Fact]
    public void Attributions_of_different_windows_are_refused() =>
        FluentActions
            .Invoking(() => AttributionAgreement.Of(Made(1, 2), Made(1), [0]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("made has 2 tokens, made 1*");
}
