using System.Buffers;
using System.Runtime.CompilerServices;

namespace XDistilTorch.Tokenization;

/// <summary>Tokens of one text while they are found, in rented arrays.</summary>
internal ref struct TokenBuffer
{
    private int[] ids;
    private TextSpan[] offsets;
    private int[] words;

    public TokenBuffer(int capacity)
    {
        ids = ArrayPool<int>.Shared.Rent(capacity);
        offsets = ArrayPool<TextSpan>.Shared.Rent(capacity);
        words = ArrayPool<int>.Shared.Rent(capacity);
    }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<int> Ids => ids.AsSpan(0, Count);

    public readonly ReadOnlySpan<TextSpan> Offsets => offsets.AsSpan(0, Count);

    public readonly ReadOnlySpan<int> Words => words.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int start, int end, int word)
    {
        var at = Count;
        if (at >= ids.Length || at >= offsets.Length || at >= words.Length)
            Grow();
        ids[at] = id;
        offsets[at] = new TextSpan(start, end);
        words[at] = word;
        Count = at + 1;
    }

    public void Truncate(int count) => Count = count;

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(ids);
        ArrayPool<TextSpan>.Shared.Return(offsets);
        ArrayPool<int>.Shared.Return(words);
        ids = words = [];
        offsets = [];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        Grow(ref ids);
        Grow(ref offsets);
        Grow(ref words);
    }

    private readonly void Grow<T>(ref T[] array)
    {
        var larger = ArrayPool<T>.Shared.Rent(2 * Count);
        array.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
