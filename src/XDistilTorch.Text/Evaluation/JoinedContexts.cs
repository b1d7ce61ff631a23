using System.IO.Hashing;
using XDistilTorch.Data;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Evaluation;

/// <summary>
/// Makes long texts of a data set's short ones, to see what more windows do to answers and probabilities: a question's own context is put between
/// others of the data set, of other articles as long as there are some, at a place left to chance. The gold answers stay the same.
/// </summary>
/// <remarks>
/// Chance is the 64-bit XXH3 hash of question id or context under the seed: the same rows and seed give the same texts on every machine. Another text may
/// happen to answer the question, or to have the gold answer's words elsewhere; nothing is done about that.
/// </remarks>
public sealed class JoinedContexts
{
    private const int SpecialTokens = 3;
    private const char Separator = '\n';

    private readonly IReadOnlyList<QuestionRow> rows;
    private readonly BertTokenizer tokenizer;
    private readonly WindowOptions options;
    private readonly long seed;
    private readonly Dictionary<string, Text> texts = new(StringComparer.Ordinal);

    /// <param name="rows">The data set.</param>
    /// <param name="tokenizer">Counts tokens.</param>
    /// <param name="options">How long windows are, and what they share.</param>
    /// <param name="seed">Another seed, other texts.</param>
    public JoinedContexts(IReadOnlyList<QuestionRow> rows, BertTokenizer tokenizer, WindowOptions options, long seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        (this.rows, this.tokenizer, this.options, this.seed) = (rows, tokenizer, options, seed);
        foreach (var row in rows)
            if (!texts.ContainsKey(row.Context))
                texts.Add(row.Context, new Text(row.Context, row.Title, TokensOf(row.Context), Hash(row.Context)));
    }

    private sealed record Text(string Context, string? Title, int Tokens, ulong Hash);

    /// <summary>Some of the questions, left to chance, in the order of the data set.</summary>
    /// <param name="count">How many; all where there are fewer.</param>
    /// <returns>Their indexes.</returns>
    public IReadOnlyList<int> Sample(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Enumerable.Range(0, rows.Count).OrderBy(i => Hash(rows[i].Id)).ThenBy(i => i).Take(count).Order()];
    }

    /// <summary>
    /// A question over a longer text, of about so many windows: of more when its own context or the last one added is that long, of fewer when all contexts
    /// together are too short. Its gold answers have no places any more.
    /// </summary>
    /// <param name="index">The question in the data set.</param>
    /// <param name="windows">How many windows, at least 1.</param>
    public QuestionRow Of(int index, int windows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windows, 1);
        var row = rows[index];
        var chance = Hash(row.Id);
        var added = Added(row, windows, chance);
        added.Insert((int)(chance % (ulong)(added.Count + 1)), row.Context);
        return row with
        {
            Context = string.Join(Separator, added),
            Answers = row.Answers?.Select(answer => new GoldAnswer(answer.Text, null, null)).ToArray(),
        };
    }

    private List<string> Added(QuestionRow row, int windows, ulong chance)
    {
        var own = texts[row.Context];
        var wanted = LeastTokens(windows, TokensOf(row.Question));
        long tokens = own.Tokens;
        List<string> added = [];
        if (tokens >= wanted)
            return added;
        var others = texts
            .Values.Where(text => text != own)
            .OrderBy(text => text.Title is not null && text.Title == own.Title)
            .ThenBy(text => Mixed(text.Hash ^ chance));
        foreach (var text in others)
        {
            added.Add(text.Context);
            tokens += text.Tokens; // the separator is white space: tokens simply add up
            if (tokens >= wanted)
                break;
        }
        return added;
    }

    /// <summary>The shortest text, in tokens, that takes so many windows.</summary>
    private long LeastTokens(int windows, int questionTokens)
    {
        var room = options.MaxLength - SpecialTokens - questionTokens;
        if (windows == 1)
            return 0;
        return windows == 2 ? room + 1 : options.EffectiveStride + ((windows - 1L) * (room - options.EffectiveStride)) + 1;
    }

    private int TokensOf(string text) => tokenizer.Encode(text, new EncodeOptions { AddSpecialTokens = false }).Length;

    private ulong Hash(string text) => XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(text), seed);

    private static ulong Mixed(ulong value) => XxHash3.HashToUInt64(BitConverter.GetBytes(value));
}
