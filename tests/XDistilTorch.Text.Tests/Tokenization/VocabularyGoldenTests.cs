using System.Security.Cryptography;
using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Text.Tests.Tokenization;

public class VocabularyGoldenTests
{
    private sealed record VocabularyFile(Facts Facts, WordPieceCase[] Wordpiece);

    private sealed record Facts(
        int Size,
        string VocabTxtSha256,
        Dictionary<string, int> Special,
        string[] First,
        string[] Last,
        int ContinuationPieces,
        JsonElement[][] Sample
    );

    private sealed record WordPieceCase : GoldenEncoding
    {
        public required string Text { get; init; }
        public required int[] ModelOnlyIds { get; init; }
    }

    [Fact]
    public void The_vocabulary_is_the_one_the_reference_values_were_computed_with()
    {
        var facts = TokenizerGoldens.Read<VocabularyFile>("vocab.json").Facts;

        var hash = SHA256.HashData(File.ReadAllBytes(GoldenFolder.Require("text/tokenizer/vocab.txt")));

        Convert.ToHexStringLower(hash).Should().Be(facts.VocabTxtSha256);
    }

    [Fact]
    public void Ids_and_pieces_of_the_vocabulary_are_those_of_the_reference()
    {
        var facts = TokenizerGoldens.Read<VocabularyFile>("vocab.json").Facts;
        var vocabulary = TokenizerGoldens.Vocabulary;
        var pieces = Enumerable.Range(0, vocabulary.Count).Select(id => vocabulary[id]).ToList();

        pieces.Should().HaveCount(facts.Size);
        pieces.Take(facts.First.Length).Should().Equal(facts.First);
        pieces.TakeLast(facts.Last.Length).Should().Equal(facts.Last);
        pieces.Count(p => p.StartsWith("##", StringComparison.Ordinal)).Should().Be(facts.ContinuationPieces);
        foreach (
            var (token, id) in facts
                .Special.Select(s => (s.Key, s.Value))
                .Concat(facts.Sample.Select(s => (s[1].GetString()!, s[0].GetInt32())))
        )
        {
            vocabulary.TryGetId(token, out var found).Should().BeTrue();
            found.Should().Be(id, $"that is the id of {token}");
            vocabulary[id].Should().Be(token);
        }
    }

    [Fact]
    public void Every_WordPiece_case_equals_the_reference()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var golden in TokenizerGoldens.Read<VocabularyFile>("vocab.json").Wordpiece)
        {
            var encoding = tokenizer.Encode(golden.Text, new() { AddSpecialTokens = false, SplitSpecialTokens = false });
            mismatches.Check(golden.Text, golden.Differences(encoding));
            var alone = tokenizer.Model.Encode(golden.Text);
            mismatches.Check(
                $"{golden.Text} by the model alone",
                alone.SequenceEqual(golden.ModelOnlyIds)
                    ? null
                    : $"expected [{string.Join(' ', golden.ModelOnlyIds)}], found [{string.Join(' ', alone)}]"
            );
        }
        mismatches.ShouldBeNone();
    }
}
