using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>What does not fit the model is said in our words before native code sees it.</summary>
public class InputCheckTests
{
    private static Tensor Ids(params long[] shape) => ones(shape, dtype: ScalarType.Int64);

    public static TheoryData<string, Func<BertInput>, string> Faults =>
        new()
        {
            { "nothing", () => new BertInput(), "*either InputIds or InputsEmbeds*" },
            {
                "both",
                () =>
                    new BertInput { InputIds = Ids(1, 3), InputsEmbeds = zeros(1, 3, 24) },
                "*not both*"
            },
            {
                "one dimension",
                () =>
                    new BertInput { InputIds = Ids(3) },
                "*[3], expected [windows, tokens]*"
            },
            {
                "no tokens",
                () =>
                    new BertInput { InputIds = Ids(1, 0) },
                "*[1, 0]*"
            },
            {
                "too long",
                () =>
                    new BertInput { InputIds = Ids(1, 41) },
                "*41 tokens*positions for 40*"
            },
            {
                "id too large",
                () =>
                    new BertInput { InputIds = Ids(1, 3) * 50 },
                "*InputIds holds 50, expected 0 to 49*"
            },
            {
                "id negative",
                () =>
                    new BertInput { InputIds = Ids(1, 3) * -1 },
                "*InputIds holds -1*"
            },
            {
                "floating ids",
                () =>
                    new BertInput { InputIds = zeros(1, 3) },
                "*InputIds is Float32*"
            },
            {
                "type too large",
                () =>
                    new BertInput { InputIds = Ids(1, 3), TokenTypeIds = Ids(1, 3) * 2 },
                "*TokenTypeIds holds 2*"
            },
            {
                "types of another shape",
                () =>
                    new BertInput { InputIds = Ids(2, 3), TokenTypeIds = Ids(1, 3) },
                "*TokenTypeIds is [1, 3], expected [2, 3]*"
            },
            {
                "position too large",
                () =>
                    new BertInput { InputIds = Ids(1, 3), PositionIds = Ids(1, 3) * 40 },
                "*PositionIds holds 40*"
            },
            {
                "mask of another shape",
                () =>
                    new BertInput { InputIds = Ids(2, 3), AttentionMask = Ids(2, 4) },
                "*attention mask is [2, 4]*"
            },
            {
                "embeddings too narrow",
                () =>
                    new BertInput { InputsEmbeds = zeros(1, 3, 23) },
                "*[1, 3, 23], expected floating point*24]*"
            },
        };

    [Theory, MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Input_that_does_not_fit_is_refused(string what, Func<BertInput> input, string message)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();

        FluentActions.Invoking(() => model.Forward(input())).Should().Throw<ArgumentException>(what).WithMessage(message);
    }

    [Fact]
    public void Ids_of_32_bits_give_what_64_bits_give()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 8);
        var narrow = input with
        {
            InputIds = input.InputIds!.to(ScalarType.Int32),
            TokenTypeIds = input.TokenTypeIds!.to(ScalarType.Int32),
        };

        Testing.TensorAssertions.ShouldEqualBitForBit(model.Logits(narrow), model.Logits(input));
    }
}
