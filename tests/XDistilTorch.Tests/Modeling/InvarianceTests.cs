using CsCheck;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>What must not matter: padding, its side's neighbours, batch order and size; for models of any depth, width and number of heads.</summary>
public class InvarianceTests
{
    private static readonly Gen<(int Layers, int Heads, int HeadSize, int Batch, int Length, int Seed)> Shapes = Gen.Select(
        Gen.Int[1, 3],
        Gen.Int[1, 4],
        Gen.Int[1, 9],
        Gen.Int[1, 4],
        Gen.Int[1, 20],
        Gen.Int[0, 1000]
    );

    private static void ForAnyShape(Action<BertForQuestionAnswering, int, int, int> check) =>
        Shapes.Sample(
            s =>
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                using var model = TinyModel.Random(s.Layers, s.Heads * s.HeadSize, s.Heads, s.Seed);
                check(model, s.Batch, s.Length, s.Seed);
            },
            iter: 40,
            threads: 1
        );

    [Fact]
    public void A_window_alone_equals_it_in_a_batch() =>
        ForAnyShape(
            (model, batch, length, seed) =>
            {
                var input = Inputs.Random(batch, length, seed);
                var together = model.Logits(input);
                for (var row = 0; row < batch; row++)
                    Inputs.Alone(model, input, row).ShouldBeWithin(TinyModel.Tolerance, together[row]);
            }
        );

    [Fact]
    public void Batch_order_changes_nothing() =>
        ForAnyShape(
            (model, batch, length, seed) =>
            {
                var input = Inputs.Random(batch, length, seed);
                var reversed = input with { InputIds = input.InputIds!.flip(0), TokenTypeIds = input.TokenTypeIds!.flip(0) };
                model.Logits(reversed).flip(0).ShouldBeWithin(TinyModel.Tolerance, model.Logits(input));
            }
        );

    [Fact]
    public void Padding_on_the_right_changes_nothing_and_its_content_does_not_matter() =>
        ForAnyShape(
            (model, batch, length, seed) =>
            {
                var input = Inputs.Random(batch, length, seed);
                var padded = Inputs.Random(batch, length + 7, seed + 1);
                padded.InputIds![TensorIndex.Colon, TensorIndex.Slice(0, length)] = input.InputIds!;
                padded.TokenTypeIds![TensorIndex.Colon, TensorIndex.Slice(0, length)] = input.TokenTypeIds!;
                var mask = zeros_like(padded.InputIds);
                mask[TensorIndex.Colon, TensorIndex.Slice(0, length)] = ones(1, dtype: ScalarType.Int64);

                var logits = model.Logits(padded with { AttentionMask = mask });

                logits.slice(2, 0, length, 1).ShouldBeWithin(TinyModel.Tolerance, model.Logits(input));
            }
        );

    [Fact]
    public void Left_padding_with_shifted_positions_equals_no_padding()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 9);
        var pad = zeros(1, 4, dtype: ScalarType.Int64);
        var padded = new BertInput
        {
            InputIds = cat([pad, input.InputIds!], 1),
            TokenTypeIds = cat([pad, input.TokenTypeIds!], 1),
            AttentionMask = cat([pad, ones_like(input.InputIds!)], 1),
            PositionIds = cat([pad, arange(9, dtype: ScalarType.Int64).unsqueeze(0)], 1),
        };

        model.Logits(padded).slice(2, 4, 13, 1).ShouldBeWithin(TinyModel.Tolerance, model.Logits(input));
    }

    [Fact]
    public void What_is_left_out_takes_the_references_defaults()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var ids = Inputs.Random(2, 9).InputIds;
        var full = new BertInput
        {
            InputIds = ids,
            AttentionMask = ones(2, 9, dtype: ScalarType.Int64),
            TokenTypeIds = zeros(2, 9, dtype: ScalarType.Int64),
            PositionIds = arange(9, dtype: ScalarType.Int64).expand(2, 9),
        };

        model.Logits(new BertInput { InputIds = ids }).ShouldBeWithin(1e-6, model.Logits(full));
    }

    [Fact]
    public void Embeddings_may_be_given_in_place_of_ids()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var input = Inputs.Random(2, 9);
        var embeds = model.Embeddings().WordEmbeddings.call(input.InputIds!);

        model.Logits(input with { InputIds = null, InputsEmbeds = embeds }).ShouldEqualBitForBit(model.Logits(input));
    }

    [Fact]
    public void A_mask_per_query_that_says_the_same_gives_the_same()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var mask = tensor(new long[] { 1, 1, 0, 1, 1, 1, 1, 0, 0 }).unsqueeze(0).expand(2, 9);
        var input = Inputs.Random(2, 9);

        model
            .Logits(input with { AttentionMask = mask.unsqueeze(1).expand(2, 9, 9) })
            .ShouldBeWithin(1e-6, model.Logits(input with { AttentionMask = mask }));
    }
}
