using CsCheck;
using XDistilTorch.Inspection;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

/// <summary>Made-up attention: rows that sum to 1, some of them sharp, over tokens of made-up groups.</summary>
internal sealed record RandomAttention(int Heads, int Length, int Seed)
{
    public static Gen<RandomAttention> Any { get; } =
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 14], Gen.Int[0, 1_000_000])
            .Select((heads, length, seed) => new RandomAttention(heads, length, seed));

    /// <summary>[heads, S, S].</summary>
    public Tensor Probabilities(int batch = 0)
    {
        var random = new Random(Seed + batch);
        var scores = Enumerable.Range(0, Heads * Length * Length).Select(_ => random.NextDouble() * (Seed % 3 == 0 ? 100 : 5)).ToArray();
        return tensor(scores, [Heads, Length, Length]).softmax(-1);
    }

    /// <summary>S groups, each maybe without tokens; null: padding.</summary>
    public TokenGroup?[] Groups(bool padding = false)
    {
        var random = new Random(Seed);
        return
        [
            .. Enumerable.Range(0, Length).Select(_ => random.Next(padding ? 6 : 5) is var i and < 5 ? (TokenGroup?)(TokenGroup)i : null),
        ];
    }
}
