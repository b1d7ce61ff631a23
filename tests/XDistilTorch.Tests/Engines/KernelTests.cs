using System.Runtime.Intrinsics;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Engines.Packed;

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

    public static TheoryData<bool, (int Length, int Rows)> Windows =>
        new MatrixTheoryData<bool, (int, int)>(
            [true, false],
            [(1, 1), (2, 12), (15, 3), (16, 12), (17, 4), (31, 5), (32, 12), (33, 6), (200, 7), (384, 12)]
        );

    [Theory, MemberData(nameof(Windows))]
    public void Attention_is_torchs(bool wide, (int Length, int Rows) window) => Of(wide).Attention_is_torchs(window.Length, window.Rows);

    [Theory, MemberData(nameof(Windows))]
    public void Attention_in_whole_numbers_is_near_torchs(bool wide, (int Length, int Rows) window) =>
        Of(wide).Attention_in_whole_numbers_is_near_torchs(window.Length, window.Rows);

    [
        Theory,
        InlineData(true, 1),
        InlineData(true, 16),
        InlineData(true, 400),
        InlineData(false, 1),
        InlineData(false, 16),
        InlineData(false, 400)
    ]
    public void Sums_of_whole_numbers_do_not_leave_32_bits(bool wide, int length) =>
        Of(wide).Sums_of_whole_numbers_do_not_leave_32_bits(length);

    [Theory, InlineData(true), InlineData(false)]
    public void Layers_of_any_width_do_not_leave_32_bits(bool wide) => Of(wide).Layers_of_any_width_do_not_leave_32_bits();

    [Theory, InlineData(true), InlineData(false)]
    public void What_is_not_finite_stays_so(bool wide) => Of(wide).What_is_not_finite_stays_so();

    [Theory, InlineData(true), InlineData(false)]
    public void A_product_of_16_bits_is_that_of_its_whole_numbers(bool wide) =>
        Of(wide).A_quantised_product_is_that_of_its_whole_numbers(Arithmetic.Shorts);

    [Theory, InlineData(true), InlineData(false)]
    public void A_product_of_bytes_is_that_of_its_whole_numbers(bool wide)
    {
        Assert.SkipUnless(Int8Support.HasVnni, "this processor has no VNNI");
        Of(wide).A_quantised_product_is_that_of_its_whole_numbers(Arithmetic.Bytes);
    }

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
