using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>Products of whole numbers of 16 bits, two at a time, summed exactly in 32 bits.</summary>
internal readonly struct PairProducts<TVector, TVectors> : IProduct<TVector>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector MultiplyAdd(TVector left, TVector right, TVector sum) => TVectors.MultiplyAddPairs(left, right, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Float(TVector sum) => TVectors.FromWhole(sum);
}
