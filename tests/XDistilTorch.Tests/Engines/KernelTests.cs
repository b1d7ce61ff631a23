using System.Runtime.Intrinsics;
using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Tests.Engines;

/// <summary>The kernels of each vector width.</summary>
public class KernelTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void Gelu_is_within_three_ten_millionths_of_the_exact_one(bool wide) =>
        Of(wide).Gelu_is_within_three_ten_millionths_of_the_exact_one();

    [Theory, InlineData(true), InlineData(false)]
    public void Rough_gelu_is_within_a_hundredth_of_a_bytes_step(bool wide) => Of(wide).Rough_gelu_is_within_a_hundredth_of_a_bytes_step();

    [Theory, InlineData(true), InlineData(false)]
    public void Powers_of_two_are_within_two_units_in_the_last_place(bool wide) =>
        Of(wide).Powers_of_two_are_within_two_units_in_the_last_place();

    [Theory, InlineData(true), InlineData(false)]
    public void A_matrix_product_is_what_double_precision_gives_for_every_number_of_rows_and_outputs(bool wide) =>
        Of(wide).A_matrix_product_is_what_double_precision_gives_for_every_number_of_rows_and_outputs();

    [Theory, InlineData(true), InlineData(false)]
    public void A_rows_product_is_the_same_bits_among_any_number_of_rows(bool wide) =>
        Of(wide).A_rows_product_is_the_same_bits_among_any_number_of_rows();

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(true, 2, 12)]
    [InlineData(true, 31, 5)]
    [InlineData(true, 32, 12)]
    [InlineData(true, 33, 6)]
    [InlineData(true, 200, 7)]
    [InlineData(true, 384, 12)]
    [InlineData(false, 1, 1)]
    [InlineData(false, 2, 12)]
    [InlineData(false, 31, 5)]
    [InlineData(false, 32, 12)]
    [InlineData(false, 33, 6)]
    [InlineData(false, 200, 7)]
    [InlineData(false, 384, 12)]
    public void Attention_is_torchs(bool wide, int length, int rows) => Of(wide).Attention_is_torchs(length, rows);

    [Theory, InlineData(true), InlineData(false)]
    public void Scores_of_any_size_make_no_infinities(bool wide) => Of(wide).Scores_of_any_size_make_no_infinities();

    [Theory, InlineData(true), InlineData(false)]
    public void LayerNorm_is_torchs(bool wide) => Of(wide).LayerNorm_is_torchs();

    [Theory, InlineData(true), InlineData(false)]
    public void A_quantised_row_is_within_half_a_step_and_zero_is_exact(bool wide) =>
        Of(wide).A_quantised_row_is_within_half_a_step_and_zero_is_exact();

    [Theory, InlineData(true), InlineData(false)]
    public void A_row_of_zeros_is_quantised_to_zeros(bool wide) => Of(wide).A_row_of_zeros_is_quantised_to_zeros();

    private static IKernelChecks Of(bool wide)
    {
        Assert.SkipUnless(wide ? Vectors512.IsSupported : Vectors256.IsSupported, "this processor does not have these instructions");
        return wide ? new KernelChecks<Vector512<float>, Vectors512>() : new KernelChecks<Vector256<float>, Vectors256>();
    }
}
