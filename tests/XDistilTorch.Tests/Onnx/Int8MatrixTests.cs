using CsCheck;
using XDistilTorch.Formats.Onnx;

namespace XDistilTorch.Tests.Onnx;

public class Int8MatrixTests
{
    private static readonly Gen<Matrix> Matrices =
        from rows in Gen.Int[1, 6]
        from columns in Gen.Int[1, 6]
        from values in Gen.Float[-1e3f, 1e3f].Array[rows * columns]
        select new Matrix(values, rows, columns);

    [Fact]
    public void No_number_is_further_off_than_half_a_step_of_its_channel() =>
        Gen.Select(Matrices, Gen.Bool)
            .Sample(
                (matrix, reduceRange) =>
                {
                    var int8 = Int8Matrix.ByColumn(matrix, reduceRange);
                    for (var i = 0; i < matrix.Values.Length; i++)
                    {
                        var step = int8.Scales[i % matrix.Columns];
                        Assert.InRange(matrix.Values[i] - int8.Values[i] * (double)step, -0.5001 * step, 0.5001 * step);
                        Assert.InRange(int8.Values[i], reduceRange ? -64 : -127, reduceRange ? 64 : 127);
                    }
                }
            );

    [Fact]
    public void The_largest_number_of_a_channel_takes_the_end_of_the_range()
    {
        var matrix = new Matrix([1, -8, 0, 0.5f, 2, 0], 2, 3);

        Int8Matrix.ByColumn(matrix, reduceRange: false).Values.Should().Equal(127, -127, 0, 64, 32, 0);
        Int8Matrix.ByColumn(matrix, reduceRange: true).Values.Should().Equal(64, -64, 0, 32, 16, 0);
        Int8Matrix.ByRow(matrix).Scales.Should().Equal(8f / 127, 2f / 127);
    }
}
