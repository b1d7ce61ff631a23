using System.Diagnostics;
using XDistilTorch.Engines.Packed;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Engines;

/// <summary>oneDNN's product of bytes: exact in whole numbers, on processors with VNNI and without.</summary>
public class Int8ProductTests
{
    [Fact]
    public void The_largest_products_are_exact()
    {
        const int Rows = 5,
            Inputs = 384,
            Outputs = 64;
        var most = (byte)Int8Support.LargestByte;
        using Tensor bytes = full([Rows, Inputs], most, ScalarType.Byte),
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
            .Equal(Enumerable.Range(0, Rows * Outputs).Select(i => (i % 2 == 0 ? -1f : 1f) * Inputs * most * 127));
    }

    // oneDNN chooses its instructions once in a process; told that this processor is a lesser one, it takes those with sums of two products in 16 bits.
    [Fact]
    public async Task And_where_sums_of_two_products_saturate()
    {
        if (!Int8Support.HasVnni)
            Assert.Skip("this processor has no VNNI: the other test is this one");
        var start = new ProcessStartInfo(
            "dotnet",
            [typeof(Int8ProductTests).Assembly.Location, "-method", $"*{nameof(The_largest_products_are_exact)}", "-noColor"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ONEDNN_MAX_CPU_ISA"] = "AVX2" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await error;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.Should().Be(0, output);
        output.Should().Contain("Total: 1,").And.Contain("Failed: 0,");
    }
}
