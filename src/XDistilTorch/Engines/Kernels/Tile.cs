using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>A number of rows that the JIT knows when it compiles.</summary>
internal interface IRows
{
    static abstract int Count { get; }
}

/// <summary>
/// The heart of every matrix product: a tile of a few rows by two vectors, whose sums stay in registers while the loop runs once along the inner dimension. Each
/// element is the sum of its products in their order, whatever the tile's height: so it does not matter which rows are computed together.
/// </summary>
/// <typeparam name="TVector">A register.</typeparam>
/// <typeparam name="TVectors">Its instructions.</typeparam>
/// <typeparam name="TProduct">Of floats, or of pairs of whole numbers; the words of floats then are such pairs.</typeparam>
/// <typeparam name="TRows">The tile's rows, at most the processor's <see cref="IVectors{TVector}.TileRows"/>.</typeparam>
internal static unsafe class Tile<TVector, TVectors, TProduct, TRows>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
    where TProduct : struct, IProduct<TVector>
    where TRows : struct, IRows
{
    /// <summary>c = start + a b, with a [rows, inner], b [inner, two vectors]. Floats come out of whole numbers too.</summary>
    /// <param name="a">The left matrix; its rows lie <paramref name="strideA"/> apart.</param>
    /// <param name="strideA">In floats, as all strides.</param>
    /// <param name="b">The right matrix; its rows lie <paramref name="strideB"/> apart.</param>
    /// <param name="strideB">See there.</param>
    /// <param name="inner">The inner dimension.</param>
    /// <param name="start">What the sums start from: two vectors (a bias, or zeros).</param>
    /// <param name="c">The product; its rows lie <paramref name="strideC"/> apart.</param>
    /// <param name="strideC">See there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply(float* a, nint strideA, float* b, nint strideB, nint inner, float* start, float* c, nint strideC)
    {
        // Four rows share a pointer: the others are reached by index, and registers are few.
        nint two = 2 * strideA,
            three = 3 * strideA;
        float* a4 = a + 4 * strideA,
            a8 = a + 8 * strideA;
        TVector left = TVectors.Load(start),
            right = TVectors.Load(start + TVectors.Count);
        TVector l0 = left,
            r0 = right;
        TVector l1 = left,
            r1 = right;
        TVector l2 = left,
            r2 = right;
        TVector l3 = left,
            r3 = right;
        TVector l4 = left,
            r4 = right;
        TVector l5 = left,
            r5 = right;
        TVector l6 = left,
            r6 = right;
        TVector l7 = left,
            r7 = right;
        TVector l8 = left,
            r8 = right;
        TVector l9 = left,
            r9 = right;
        TVector l10 = left,
            r10 = right;
        TVector l11 = left,
            r11 = right;
        for (; inner > 0; inner--)
        {
            left = TVectors.Load(b);
            right = TVectors.Load(b + TVectors.Count);
            var x = TVectors.Create(*a);
            l0 = TProduct.MultiplyAdd(x, left, l0);
            r0 = TProduct.MultiplyAdd(x, right, r0);
            if (TRows.Count > 1)
            {
                x = TVectors.Create(a[strideA]);
                l1 = TProduct.MultiplyAdd(x, left, l1);
                r1 = TProduct.MultiplyAdd(x, right, r1);
            }
            if (TRows.Count > 2)
            {
                x = TVectors.Create(a[two]);
                l2 = TProduct.MultiplyAdd(x, left, l2);
                r2 = TProduct.MultiplyAdd(x, right, r2);
            }
            if (TRows.Count > 3)
            {
                x = TVectors.Create(a[three]);
                l3 = TProduct.MultiplyAdd(x, left, l3);
                r3 = TProduct.MultiplyAdd(x, right, r3);
            }
            if (TRows.Count > 4)
            {
                x = TVectors.Create(*a4);
                l4 = TProduct.MultiplyAdd(x, left, l4);
                r4 = TProduct.MultiplyAdd(x, right, r4);
            }
            if (TRows.Count > 5)
            {
                x = TVectors.Create(a4[strideA]);
                l5 = TProduct.MultiplyAdd(x, left, l5);
                r5 = TProduct.MultiplyAdd(x, right, r5);
            }
            if (TRows.Count > 6)
            {
                x = TVectors.Create(a4[two]);
                l6 = TProduct.MultiplyAdd(x, left, l6);
                r6 = TProduct.MultiplyAdd(x, right, r6);
            }
            if (TRows.Count > 7)
            {
                x = TVectors.Create(a4[three]);
                l7 = TProduct.MultiplyAdd(x, left, l7);
                r7 = TProduct.MultiplyAdd(x, right, r7);
            }
            if (TRows.Count > 8)
            {
                x = TVectors.Create(*a8);
                l8 = TProduct.MultiplyAdd(x, left, l8);
                r8 = TProduct.MultiplyAdd(x, right, r8);
            }
            if (TRows.Count > 9)
            {
                x = TVectors.Create(a8[strideA]);
                l9 = TProduct.MultiplyAdd(x, left, l9);
                r9 = TProduct.MultiplyAdd(x, right, r9);
            }
            if (TRows.Count > 10)
            {
                x = TVectors.Create(a8[two]);
                l10 = TProduct.MultiplyAdd(x, left, l10);
                r10 = TProduct.MultiplyAdd(x, right, r10);
            }
            if (TRows.Count > 11)
            {
                x = TVectors.Create(a8[three]);
                l11 = TProduct.MultiplyAdd(x, left, l11);
                r11 = TProduct.MultiplyAdd(x, right, r11);
            }
            a++;
            a4++;
            a8++;
            b += strideB;
        }
        Store(l0, r0, c);
        if (TRows.Count > 1)
            Store(l1, r1, c + 1 * strideC);
        if (TRows.Count > 2)
            Store(l2, r2, c + 2 * strideC);
        if (TRows.Count > 3)
            Store(l3, r3, c + 3 * strideC);
        if (TRows.Count > 4)
            Store(l4, r4, c + 4 * strideC);
        if (TRows.Count > 5)
            Store(l5, r5, c + 5 * strideC);
        if (TRows.Count > 6)
            Store(l6, r6, c + 6 * strideC);
        if (TRows.Count > 7)
            Store(l7, r7, c + 7 * strideC);
        if (TRows.Count > 8)
            Store(l8, r8, c + 8 * strideC);
        if (TRows.Count > 9)
            Store(l9, r9, c + 9 * strideC);
        if (TRows.Count > 10)
            Store(l10, r10, c + 10 * strideC);
        if (TRows.Count > 11)
            Store(l11, r11, c + 11 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector left, TVector right, float* c)
    {
        TVectors.Store(TProduct.Float(left), c);
        TVectors.Store(TProduct.Float(right), c + TVectors.Count);
    }
}
