using XDistilTorch.Text.Tests.Tokenization;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Text.Tests.Windows;

/// <summary>Windows as the reference cuts them. Padding is the batcher's: of padded rows the part without padding is compared.</summary>
public class WindowGoldenTests
{
    private sealed record WindowFile(WindowCase[] Cases);

    private sealed record WindowCase(string Name, string[] Questions, string[] Contexts, Run[] Runs);

    private sealed record Run(
        string Padding,
        int? PadToMultipleOf,
        string Order,
        string Api,
        int MaxLength,
        int Stride,
        int[]? OverflowToSampleMapping,
        GoldenWindow[]? Windows,
        GoldenError? Error
    )
    {
        public WindowOptions Options => new(MaxLength, Stride, ContextFirst: Order == "context_first", SplitSpecialTokens: false);

        /// <summary>Two plain strings of which the context is empty: the reference takes that as no context at all.</summary>
        public bool HasNoContext(WindowCase golden) => Api == "single" && golden.Contexts[0].Length == 0;
    }

    private sealed record GoldenError(string Type, string Message);

    private sealed record GoldenWindow(
        int[] Ids,
        int[] Offsets,
        int[]? OffsetsUtf16,
        int[] WordIds,
        int[][] TypeIds,
        int[][] AttentionMask,
        int[][] SpecialTokensMask,
        int[][] SequenceIds
    )
    {
        public string? Differences(TokenWindow window)
        {
            var attended = RunLengths(AttentionMask).ToArray();
            int padding = Array.IndexOf(attended, 1),
                length = attended.Sum();
            var differences = new List<string>();
            Compare("ids", Ids, window.Ids);
            Compare("type_ids", RunLengths(TypeIds), window.TypeIds);
            Compare("sequence_ids", RunLengths(SequenceIds), window.SequenceIds);
            Compare("special_tokens_mask", RunLengths(SpecialTokensMask), window.SequenceIds.Select(s => s < 0 ? 1 : 0));
            Compare("word_ids", WordIds, window.WordIds);
            Compare("offsets_utf16", Pairs(OffsetsUtf16 ?? Offsets), window.Offsets.Select(o => (o.Start, o.End)));
            return differences.Count == 0 ? null : string.Join("; ", differences);

            void Compare<T>(string name, IEnumerable<T> padded, IEnumerable<T> found)
            {
                var expected = padded.Skip(padding).Take(length).ToList();
                if (!expected.SequenceEqual(found))
                    differences.Add($"{name}: expected [{string.Join(' ', expected)}], found [{string.Join(' ', found)}]");
            }
        }

        private static IEnumerable<int> RunLengths(int[][] runs) => runs.SelectMany(run => Enumerable.Repeat(run[0], run[1]));

        private static IEnumerable<(int, int)> Pairs(int[] flat) => flat.Chunk(2).Select(pair => (pair[0], pair[1]));
    }

    [Fact]
    public void Every_window_equals_the_reference()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var (golden, run) in Runs())
            if (run.Windows is { } windows && !run.HasNoContext(golden))
            {
                var samples = golden.Questions.Zip(golden.Contexts);
                var found = samples.Select(s => WindowBuilder.Build(tokenizer, s.First, s.Second, run.Options)).ToList();
                var name = $"{golden.Name} {run}";
                mismatches.Check(name, Difference(run, windows, found));
            }
        mismatches.ShouldBeNone();
    }

    [Fact]
    public void Two_plain_strings_of_which_the_context_is_empty_are_one_text_to_the_reference()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var (golden, run) in Runs())
            if (run.Windows is [var window] && run.HasNoContext(golden))
            {
                var encoding = tokenizer.Encode(golden.Questions[0], new EncodeOptions { SplitSpecialTokens = false });
                var length = window.AttentionMask.Where(r => r[0] == 1).Sum(r => r[1]);
                mismatches.Check(golden.Name, window.Ids.Take(length).SequenceEqual(encoding.Ids) ? null : "ids differ");
            }
        mismatches.ShouldBeNone();
    }

    [Fact]
    public void Refuses_exactly_where_the_reference_refuses()
    {
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var (golden, run) in Runs())
            if (run.Error is { } error && run.PadToMultipleOf is null)
            {
                Exception? thrown = null;
                try
                {
                    foreach (var (question, context) in golden.Questions.Zip(golden.Contexts))
                        WindowBuilder.Build(tokenizer, question, context, run.Options);
                }
                catch (Exception e) when (e is WindowException or ArgumentException)
                {
                    thrown = e;
                }
                // A ValueError is about the settings alone; the others depend on the question.
                var expected = error.Type == "ValueError" ? typeof(ArgumentException) : typeof(WindowException);
                mismatches.Check($"{golden.Name} {run}", thrown?.GetType() == expected ? null : $"expected {expected}, found {thrown}");
            }
        mismatches.ShouldBeNone();
    }

    private static string? Difference(Run run, GoldenWindow[] expected, List<IReadOnlyList<TokenWindow>> found)
    {
        var samples = found.SelectMany((windows, sample) => windows.Select(_ => sample));
        if (!samples.SequenceEqual(run.OverflowToSampleMapping!))
            return $"expected windows of the samples [{string.Join(' ', run.OverflowToSampleMapping!)}], found [{string.Join(' ', samples)}]";
        var differences = expected.Zip(found.SelectMany(w => w)).Select((pair, i) => (i, pair.First.Differences(pair.Second)));
        var faults = differences.Where(d => d.Item2 is not null).Select(d => $"window {d.i}: {d.Item2}").ToList();
        return faults.Count == 0 ? null : string.Join(" | ", faults);
    }

    private static IEnumerable<(WindowCase Case, Run Run)> Runs() =>
        TokenizerGoldens.Read<WindowFile>("windows.json.gz").Cases.SelectMany(golden => golden.Runs.Select(run => (golden, run)));
}
