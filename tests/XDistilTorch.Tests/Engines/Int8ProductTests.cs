using XDistilTorch.Engines.Packed;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Engines;

/// <summary>oneDNN's product of bytes: exact in whole numbers where it is used.</summary>
public class Int8ProductTests
{
    [Fact]
    public void The_largest_products_are_exact()
    {
        const int Rows = 5,
            Inputs = 384,
            Outputs = 64;
        const byte Most = 255;
        Assert.SkipUnless(
            Int8Support.Instructions is not null && TensorShim.HasQuantizedProduct,
            "this processor has no VNNI, and products have 16 bits"
        );
        using Tensor bytes = full([Rows, Inputs], Most, ScalarType.Byte),
            weights = full([Outputs, Inputs], 127, ScalarType.Int8),
            one = ones(1),
            zero = zeros(1, ScalarType.Int32),
            scales = ones(Outputs),
            noZeros = zeros(Outputs, ScalarType.Int32);
        for (var output = 0; output < Outputs; output += 2)
            weights[output] = tensor(-127, ScalarType.Int8);
        using var packed = TensorShim.PrepackWeights(weights);

        using var product = TensorShim.QuantizedProduct(bytes, one, zero, packed, scales, noZeros);

        product
            .data<float>()
            .ToArray()
            .Should()
            .Equal(Enumerable.Range(0, Rows * Outputs).Select(i => (i % 2 == 0 ? -1f : 1f) * Inputs * Most * 127));
    }
}
