using static TorchSharp.torch;

namespace XDistilTorch.Testing;

/// <summary>Comparisons of whole tensors that say by how much they fail.</summary>
internal static class TensorAssertions
{
    /// <summary>The largest absolute difference, in double precision; infinite when one holds a NaN that the other does not.</summary>
    public static double MaxDifference(this Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        actual.shape.Should().Equal(expected.shape);
        if (actual.numel() == 0)
            return 0;
        var difference = actual
            .detach()
            .cpu()
            .to(ScalarType.Float64)
            .sub(expected.detach().cpu().to(ScalarType.Float64))
            .abs()
            .max()
            .item<double>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    /// <summary>Same shape, and nowhere further apart than <paramref name="tolerance"/>.</summary>
    public static void ShouldBeWithin(this Tensor actual, double tolerance, Tensor expected, string what = "")
    {
        var difference = actual.MaxDifference(expected);
        Assert.True(difference <= tolerance, $"{what}: differs by {difference:g3}, allowed {tolerance:g3}");
    }

    /// <summary>Same shape, type and bits.</summary>
    public static void ShouldEqualBitForBit(this Tensor actual, Tensor expected, string what = "")
    {
        actual.shape.Should().Equal(expected.shape, what);
        actual.dtype.Should().Be(expected.dtype, what);
        using var a = actual.detach().cpu().contiguous();
        using var e = expected.detach().cpu().contiguous();
        a.bytes.SequenceEqual(e.bytes).Should().BeTrue($"{what} should be equal to the last bit");
    }
}
