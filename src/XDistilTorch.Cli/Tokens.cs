using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Cli;

/// <summary>What encodings and windows have in common for printing.</summary>
internal sealed record Tokens(int[] Ids, int[] TypeIds, IReadOnlyList<string> Texts, TextSpan[] Offsets, int[] WordIds, int[] SequenceIds)
{
    public static Tokens Of(Encoding encoding) =>
        new(encoding.Ids, encoding.TypeIds, encoding.Tokens, encoding.Offsets, encoding.WordIds, encoding.SequenceIds);

    public static Tokens Of(TokenWindow window, BertTokenizer tokenizer) =>
        new(
            window.Ids,
            window.TypeIds,
            Array.ConvertAll(window.Ids, id => tokenizer.Vocabulary[id]),
            window.Offsets,
            window.WordIds,
            window.SequenceIds
        );

    /// <summary>Start and end of every token in one list; 0, 0 for special tokens.</summary>
    public IEnumerable<int> Flat(Func<TextSpan, int, (int Start, int End)> place)
    {
        for (var i = 0; i < Offsets.Length; i++)
        {
            var (start, end) = SequenceIds[i] < 0 ? (0, 0) : place(Offsets[i], SequenceIds[i]);
            yield return start;
            yield return end;
        }
    }
}
