using System.Globalization;
using CsCheck;
using XDistilTorch.Reports.Attention;

namespace XDistilTorch.Tests.Reports;

public class PackedHeadTests
{
    /// <summary>Rows of softmax over normal scores, from near uniform to sharp, among them values far below the scale.</summary>
    internal static float[] Rows(int length, double deviation, int seed)
    {
        var random = new Random(seed);
        var matrix = new float[length * length];
        foreach (var row in matrix.Chunk(length).Index())
        {
            var scores = row.Item.Select(_ => Math.Exp(deviation * Normal(random))).ToArray();
            var sum = scores.Sum();
            for (var key = 0; key < length; key++)
                matrix[row.Index * length + key] = (float)(scores[key] / sum);
        }
        return matrix;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static readonly Gen<(int Length, float[] Matrix)> Heads =
        from length in Gen.Int[1, 40]
        from deviation in Gen.Double[0, 30]
        from seed in Gen.Int[0, 1_000_000]
        select (length, Rows(length, deviation, seed));

    private static double ToThreeDigits(float value) =>
        double.Parse(((double)value).ToString("e2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [Fact]
    public void The_three_highest_of_each_row_have_three_digits_and_all_others_are_off_by_one_step_half_at_most() =>
        Heads.Sample(
            head =>
            {
                var packed = PackedHead.Of(head.Matrix, head.Length);

                var map = new PackedMap(packed.Text, head.Length);
                map.Count.Should().Be(head.Matrix.Length);
                double largest = 0;
                for (var query = 0; query < head.Length; query++)
                {
                    int[] row = [.. Enumerable.Range(query * head.Length, head.Length)];
                    var highest = row.OrderByDescending(i => head.Matrix[i]).Take(3).ToHashSet(); // stable: of equal ones the first
                    row.Where(map.IsExact).Should().BeEquivalentTo(highest);
                    foreach (var place in row)
                        if (map.IsExact(place))
                            map[place].Should().BeApproximately(ToThreeDigits(head.Matrix[place]), 0.0051 * head.Matrix[place]);
                        else
                            largest = Math.Max(largest, ErrorOf(map[place], head.Matrix[place]));
                }
                packed.LargestError.Should().BeApproximately(largest, 1e-9);
            },
            iter: 60
        );

    private static double ErrorOf(double shown, float value)
    {
        if (value < 1f / 4096)
            shown.Should().Be(0);
        else
            (shown / value).Should().BeInRange(Math.Pow(2, -0.25) * 0.99999, Math.Pow(2, 0.25) * 1.00001);
        return Math.Abs(shown - value);
    }

    [Theory]
    [InlineData(0f, 0)]
    [InlineData(1f, 1)]
    [InlineData(1.0000001f, 1)] // as a softmax may round
    [InlineData(0.99951f, 1)]
    [InlineData(0.123456f, 0.123)]
    [InlineData(0.0998f, 0.0998)]
    [InlineData(0.09996f, 0.1)]
    [InlineData(0.1f, 0.1)]
    [InlineData(0.000244141f, 0.000244)]
    [InlineData(1.4e-45f, 1.4e-45)]
    public void Three_digits_are_those_that_people_would_write(float value, double digits) =>
        ThreeDigits.Value(ThreeDigits.Code(value)).Should().BeApproximately(digits, 1e-6 * digits);

    [Theory]
    [InlineData(1f / 4096, 1)]
    [InlineData(0.000244f, 0)]
    [InlineData(0.5f, 23)]
    [InlineData(0.7072f, 24)]
    [InlineData(1f, 24)]
    [InlineData(0f, 0)]
    public void Steps_are_half_octaves_from_1_4096_to_1(float value, byte level) => AttentionScale.Level(value).Should().Be(level);

    [Fact]
    public void Any_bytes_come_back_from_their_text_which_holds_no_markup() =>
        Gen
            .Byte.Array[0, 300]
            .Sample(bytes =>
            {
                var text = Base91.Encode(bytes);

                text.Should().NotContainAny("<", ">", "&", " ");
                PackedMap.Bytes(text).Should().Equal(bytes);
            });

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.1f)]
    [InlineData(1.5f)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_attention_is_refused(float value) =>
        FluentActions
            .Invoking(() => PackedHead.Of([0.5f, 0.5f, value, 0.5f], 2))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("an attention is *, expected 0 to 1*");

    [Fact]
    public void A_matrix_of_another_size_is_refused() =>
        FluentActions
            .Invoking(() => PackedHead.Of([1f, 0f], 2))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("the matrix has 2 values, expected 2 x 2.*");
}
