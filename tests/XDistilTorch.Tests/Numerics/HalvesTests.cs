using XDistilTorch.Numerics;

namespace XDistilTorch.Tests.Numerics;

public class HalvesTests
{
    // One more than a whole number of vectors: the rest goes another way.
    private static readonly ushort[] Every = [.. Enumerable.Range(0, ushort.MaxValue + 1).Select(bits => (ushort)bits), 0x3c00];

    [Fact]
    public void Every_half_becomes_the_float_of_its_value()
    {
        var floats = new float[Every.Length];

        Halves.ToFloats(Every, floats);

        for (var i = 0; i < Every.Length; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf(Every[i]);
            if (float.IsNaN(expected))
                float.IsNaN(floats[i]).Should().BeTrue($"{Every[i]:x4} is no number");
            else
                BitConverter.SingleToUInt32Bits(floats[i]).Should().Be(BitConverter.SingleToUInt32Bits(expected), $"{Every[i]:x4}");
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(33)]
    public void Of_any_count_that_many_are_written(int count)
    {
        var floats = Enumerable.Repeat(-7f, 40).ToArray();

        Halves.ToFloats(Every.AsSpan(0x3c00, count), floats.AsSpan(0, count));

        floats[..count].Should().Equal(Every[0x3c00..(0x3c00 + count)].Select(bits => (float)BitConverter.UInt16BitsToHalf(bits)));
        floats[count..].Should().AllBeEquivalentTo(-7f);
    }
}
