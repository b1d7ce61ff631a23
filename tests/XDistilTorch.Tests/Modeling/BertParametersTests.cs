using CsCheck;
using XDistilTorch.Modeling;

namespace XDistilTorch.Tests.Modeling;

public class BertParametersTests
{
    [Fact]
    public void They_are_those_of_the_modules_in_their_order() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 5], Gen.Int[1, 3], Gen.Int[0, 100])
            .Sample(
                (layers, heads, headSize, types, seed) =>
                {
                    var random = new Random(seed);
                    var config = new BertConfig
                    {
                        VocabSize = 7 + seed,
                        HiddenSize = heads * headSize,
                        NumHiddenLayers = layers,
                        NumAttentionHeads = heads,
                        IntermediateSize = 3 + seed % 5,
                        MaxPositionEmbeddings = 11,
                        TypeVocabSize = types,
                        PrunedHeads = Enumerable
                            .Range(0, layers)
                            .ToDictionary(
                                layer => layer,
                                IReadOnlyList<int> (_) => [.. Enumerable.Range(0, heads).Where(_ => random.Next(3) == 0)]
                            ),
                    };
                    using var model = new BertForQuestionAnswering(config);

                    var parameters = BertParameters
                        .Of(config)
                        .Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Shape)}]");

                    parameters
                        .Should()
                        .Equal(model.named_parameters().Select(named => $"{named.name} [{string.Join(", ", named.parameter.shape)}]"));
                },
                iter: 30
            );
}
