using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>Products of floats.</summary>
internal readonly struct FloatProducts<TVector, TVectors> : IProduct<TVector>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector MultiplyAdd(TVector left, TVector right, TVector sum) => TVectors.MultiplyAdd(left, right, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Float(TVector sum) => sum;
}
