using System.IO.Hashing;
using System.Runtime.InteropServices;
using XDistilTorch.Data;

namespace XDistilTorch.Cli;

/// <summary>Counts rows, and the contexts or titles that they have.</summary>
internal sealed class GroupCount(SplitBy by)
{
    private readonly HashSet<ulong> groups = [];
    private long rows;

    public IEnumerable<QuestionRow> Of(IEnumerable<QuestionRow> counted)
    {
        foreach (var row in counted)
        {
            rows++;
            if (by != SplitBy.Row)
                groups.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes((by == SplitBy.Title ? row.Title ?? "" : row.Context).AsSpan())));
            yield return row;
        }
    }

    /// <summary><c>12 questions, 3 contexts</c></summary>
    public override string ToString() =>
        Counted.Of(rows, "question")
        + by switch
        {
            SplitBy.Context => $", {Counted.Of(groups.Count, "context")}",
            SplitBy.Title => $", {Counted.Of(groups.Count, "title")}",
            _ => "",
        };
}
