using CsCheck;

namespace XDistilTorch.Decoding;

public class SquadDecoderPropertyTests
{
    [Fact]
    public void Selection_and_pruning_give_what_sorting_everything_gives() =>
        Gen.Select(DecoderExamples.Any, DecoderExamples.Options)
            .Sample(
                (example, options) =>
                {
                    var entries = new SquadDecoder(options).Decode(example.Windows).NBest;

                    var spans = entries.Where(entry => entry.Kind == SquadEntryKind.Span).Select(Key).ToArray();
                    spans.Should().Equal(SortEverything(example.Windows, options).Take(spans.Length));
                    spans
                        .Should()
                        .HaveCountGreaterThanOrEqualTo(Math.Min(options.NBestSize - 1, SortEverything(example.Windows, options).Count()));
                },
                iter: 2000
            );

    [Fact]
    public void Probabilities_add_up_to_one() =>
        Gen.Select(DecoderExamples.Any, DecoderExamples.Options)
            .Sample(
                (example, options) =>
                    Math.Abs(new SquadDecoder(options).Decode(example.Windows).NBest.Sum(entry => entry.Probability) - 1) < 1e-12
            );

    [Fact]
    public void No_answer_is_listed_exactly_when_it_is_allowed() =>
        Gen.Select(DecoderExamples.Any, DecoderExamples.Options)
            .Sample(
                (example, options) =>
                {
                    var decoding = new SquadDecoder(options).Decode(example.Windows);
                    decoding.NBest.Count(entry => entry.Kind == SquadEntryKind.NoAnswer).Should().Be(options.AllowNoAnswer ? 1 : 0);
                    decoding.NullScore.HasValue.Should().Be(options.AllowNoAnswer);
                }
            );

    [Fact]
    public void A_constant_added_to_all_logits_changes_neither_order_nor_probabilities() =>
        Gen.Select(DecoderExamples.Any, Gen.Int[-100, 100])
            .Sample(
                (example, constant) =>
                {
                    var decoder = new SquadDecoder(new SquadDecoderOptions { NBestSize = 30 });
                    var plain = decoder.Decode(example.Windows);
                    var shifted = decoder.Decode(DecoderExamples.Shifted(example.Windows, constant));

                    shifted.NBest.Select(Key).Should().Equal(plain.NBest.Select(Key));
                    shifted.NBest.Select(entry => entry.Probability).Should().Equal(plain.NBest.Select(entry => entry.Probability));
                    shifted.NullOdds.Should().Be(plain.NullOdds);
                }
            );

    private static (int?, int?, int?) Key(SquadEntry entry) => (entry.Window, entry.StartToken, entry.EndToken);

    private static IEnumerable<(int?, int?, int?)> SortEverything(DecoderWindow[] windows, SquadDecoderOptions options) =>
        from candidate in from window in Enumerable.Range(0, windows.Length)
        let starts = windows[window].StartLogits
        let ends = windows[window].EndLogits
        from start in Best(starts, options.NBestSize)
        from end in Best(ends, options.NBestSize)
        where start <= end && end < start + options.MaxAnswerLength
        where start >= windows[window].ContextStart && end < windows[window].ContextEnd
        select (Score: starts.Span[start] + ends.Span[end], Key: ((int?)window, (int?)start, (int?)end))
        orderby candidate.Score descending // LINQ's sort is stable, as the reference's
        select candidate.Key;

    private static IEnumerable<int> Best(ReadOnlyMemory<float> logits, int n) =>
        Enumerable.Range(0, logits.Length).Reverse().OrderByDescending(token => logits.Span[token]).Take(n);
}
