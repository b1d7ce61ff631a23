using XDistilTorch.Engines.Packed;

namespace XDistilTorch.Tests.Engines;

/// <summary>What holds for the kernels, whatever the vectors' width.</summary>
internal interface IKernelChecks
{
    void Rough_gelu_is_within_a_hundredth_of_a_bytes_step();

    void Gelu_is_within_three_ten_millionths_of_the_exact_one();

    void Powers_of_two_are_within_two_units_in_the_last_place();

    void A_matrix_product_is_what_double_precision_gives_for_every_number_of_rows_and_outputs();

    void A_rows_product_is_the_same_bits_among_any_number_of_rows();

    void Attention_is_torchs(int length, int rows);

    void Attention_in_whole_numbers_is_near_torchs(int length, int rows);

    void Sums_of_whole_numbers_do_not_leave_32_bits(int length);

    void Layers_of_any_width_do_not_leave_32_bits();

    void What_is_not_finite_stays_so();

    void A_quantised_product_is_that_of_its_whole_numbers(Arithmetic arithmetic);

    void Scores_of_any_size_make_no_infinities();

    void LayerNorm_is_torchs();

    void A_quantised_row_is_within_half_a_step_and_zero_is_exact();

    void A_row_of_zeros_is_quantised_to_zeros();
}
