using XDistilTorch.Checkpoints;

namespace XDistilTorch.Tests.Checkpoints;

public class DTypeTests
{
    [Fact]
    public void The_table_of_types_has_each_in_its_place()
    {
        foreach (var dtype in Enum.GetValues<DType>())
        {
            dtype.FileName().Should().BeEquivalentTo(dtype.ToString()); // but for case: Bool is BOOL
            DTypes.TryParse(dtype.FileName(), out var parsed).Should().BeTrue();
            parsed.Should().Be(dtype);
            if (dtype.TryTorch(out var torch))
            {
                DTypes.TryFrom(torch.Value, out var found).Should().BeTrue();
                found.Should().Be(dtype);
            }
        }
        DTypes.TryParse("f32", out _).Should().BeFalse();
    }
}
