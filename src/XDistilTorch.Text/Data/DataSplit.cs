using System.IO.Hashing;
using System.Text;

namespace XDistilTorch.Data;

/// <summary>
/// Divides questions into a training and a development part.
/// </summary>
/// <remarks>
/// Each group (context, title or id) has the 64-bit XXH3 hash of its UTF-8 bytes under the seed. Groups go to the development part in ascending order
/// of their hashes as long as that brings its number of rows nearer to the share; at least one group goes there, and one stays. The same rows, seed and
/// share give the same parts on every machine, whatever the rows' order.
/// </remarks>
public sealed class DataSplit
{
    private readonly Func<QuestionRow, bool> isDev;

    private DataSplit(Func<QuestionRow, bool> isDev) => this.isDev = isDev;

    /// <summary>Whether a question belongs to the development part.</summary>
    /// <exception cref="DataException">The split is by title and the row has none.</exception>
    public bool IsDev(QuestionRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return isDev(row);
    }

    /// <summary>Plans a split by chance.</summary>
    /// <param name="rows">All questions; enumerated once, and nothing of them is kept but 12 bytes a group.</param>
    /// <param name="by">What is kept together.</param>
    /// <param name="devShare">The share of rows for the development part, between 0 and 1, both excluded.</param>
    /// <param name="seed">Another seed, another split.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="DataException">There are fewer than two groups, or the split is by title and a row has none.</exception>
    public static DataSplit Random(IEnumerable<QuestionRow> rows, SplitBy by, double devShare, long seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!(devShare > 0 && devShare < 1))
            throw new ArgumentOutOfRangeException(nameof(devShare), devShare, "expected a share between 0 and 1, both excluded");
        var sizes = new Dictionary<ulong, int>();
        foreach (var row in rows)
        {
            var group = Hash(Key(row, by), seed);
            sizes[group] = sizes.GetValueOrDefault(group) + 1;
        }
        if (sizes.Count < 2)
            throw new DataException(
                $"the questions have {sizes.Count} different {Name(by)}, expected at least two to split by. Split by something finer: title, context, row."
            );
        var last = LastOfDev(sizes, devShare);
        return new(row => Hash(Key(row, by), seed) <= last);
    }

    /// <summary>A split by titles that are known.</summary>
    /// <param name="devTitles">The titles of the development part, compared exactly.</param>
    public static DataSplit ByTitles(IReadOnlySet<string> devTitles)
    {
        ArgumentNullException.ThrowIfNull(devTitles);
        return new(row => devTitles.Contains(Key(row, SplitBy.Title)));
    }

    private static ulong LastOfDev(Dictionary<ulong, int> sizes, double devShare)
    {
        var groups = sizes.Keys.Order().ToArray();
        var wanted = devShare * sizes.Values.Sum(size => (long)size);
        long taken = sizes[groups[0]];
        var last = 0;
        while (last + 2 < groups.Length && Math.Abs(taken + sizes[groups[last + 1]] - wanted) < Math.Abs(taken - wanted))
            taken += sizes[groups[++last]];
        return groups[last];
    }

    private static string Key(QuestionRow row, SplitBy by) =>
        by switch
        {
            SplitBy.Context => row.Context,
            SplitBy.Row => row.Id,
            SplitBy.Title => row.Title
                ?? throw new DataException($"row \"{row.Id}\" ({row.Place}) has no title to split by. Split by context or row."),
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "no such way to split"),
        };

    private static string Name(SplitBy by) =>
        by switch
        {
            SplitBy.Context => "contexts",
            SplitBy.Title => "titles",
            _ => "ids",
        };

    private static ulong Hash(string key, long seed) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key), seed);
}
