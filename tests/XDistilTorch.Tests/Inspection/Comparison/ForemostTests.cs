using CsCheck;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Tests.Inspection.Comparison;

public class ForemostTests
{
    [Fact]
    public void Those_that_rank_highest_are_kept_of_equals_the_earlier() =>
        Gen.Int[0, 9]
            .Array[0, 60]
            .Sample(
                values =>
                {
                    var foremost = new Foremost<(int Value, int Place)>(7, item => (item.Value, 0));
                    foreach (var item in values.Select((value, place) => (value, place)))
                        foremost.Add(item);

                    foremost
                        .Ranked.Should()
                        .Equal(values.Select((value, place) => (value, place)).OrderByDescending(item => item.value).Take(7));
                },
                iter: 200
            );
}
