using System.Buffers;
using System.Runtime.CompilerServices;

namespace XDistilTorch.Tokenization;

/// <summary>Tokens of one text while they are found: four numbers each in one rented array.</summary>
internal struct TokenBuffer(int capacity)
{
    private const int Numbers = 4; // id, start, end, word

    private int[] rows = ArrayPool<int>.Shared.Rent(Numbers * capacity);

    public int Count { get; private set; }

    public readonly int Id(int token) => rows[Numbers * token];

    /// <summary>The token's place in the text, in UTF-16 units.</summary>
    public readonly TextSpan Place(int token) => new(rows[Numbers * token + 1], rows[Numbers * token + 2]);

    public readonly int Word(int token) => rows[Numbers * token + 3];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int start, int end, int word)
    {
        if (Numbers * (Count + 1) > rows.Length)
            Grow();
        var row = rows.AsSpan(Numbers * Count, Numbers);
        row[3] = word;
        row[2] = end;
        row[1] = start;
        row[0] = id;
        Count++;
    }

    public void Truncate(int count) => Count = count;

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(rows);
        rows = [];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(2 * rows.Length);
        rows.AsSpan(0, Numbers * Count).CopyTo(larger);
        ArrayPool<int>.Shared.Return(rows);
        rows = larger;
    }
}
