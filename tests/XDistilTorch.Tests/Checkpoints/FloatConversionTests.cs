using System.Runtime.InteropServices;
using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

public class FloatConversionTests
{
    [
        Theory,
        InlineData(DType.F16, ScalarType.Float16),
        InlineData(DType.BF16, ScalarType.BFloat16),
        InlineData(DType.F32, ScalarType.Float32)
    ]
    [InlineData(DType.F64, ScalarType.Float64)]
    public void Numbers_of_every_size_are_what_torch_makes_of_them(DType type, ScalarType torchs)
    {
        using var scope = NewDisposeScope();
        var numbers = cat([randn(1001), randn(999) * 1e-7, randn(500) * 3e4, zeros(1), tensor((float[])[-0f, 1, -1, 1e-40f])])
            .to(ScalarType.Float64)
            .mul(1 + 1e-9) // in fp64, of more digits than a float has
            .to(torchs);
        var floats = new float[numbers.numel()];

        FloatConversion.ToFloats(numbers.bytes, type, floats);

        var expected = numbers.to(ScalarType.Float32).data<float>().ToArray();
        MemoryMarshal.Cast<float, uint>(floats).SequenceEqual(MemoryMarshal.Cast<float, uint>(expected)).Should().BeTrue();
    }

    [Fact]
    public void Whole_numbers_are_refused() =>
        FluentActions
            .Invoking(() => FloatConversion.ToFloats(new byte[8], DType.I64, new float[1]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*I64*");
}
