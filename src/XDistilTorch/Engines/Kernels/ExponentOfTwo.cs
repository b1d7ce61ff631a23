using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>2^x: a polynomial of degree 5 on [-1/2, 1/2] (least largest relative error, 9e-8), times a power of two. Within 2 units in the last place.</summary>
internal static class ExponentOfTwo<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>2^x for x up to 127; below -126 as -126, which is as good as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of(TVector x)
    {
        x = TVectors.Max(TVectors.Create(-126), x); // in this order: of two, the instruction gives the second where one is not a number
        var whole = TVectors.Round(x);
        var part = TVectors.Subtract(x, whole);
        var sum = TVectors.MultiplyAdd(TVectors.Create(0.0013264727f), part, TVectors.Create(0.009671513f));
        sum = TVectors.MultiplyAdd(sum, part, TVectors.Create(0.055507336f));
        sum = TVectors.MultiplyAdd(sum, part, TVectors.Create(0.24022242f));
        sum = TVectors.MultiplyAdd(sum, part, TVectors.Create(0.693147f));
        sum = TVectors.MultiplyAdd(sum, part, TVectors.Create(1));
        return TVectors.Scale(sum, whole);
    }
}
