namespace XDistilTorch.Engines.Kernels;

/// <summary>What a tile sums up.</summary>
internal interface IProduct<TVector>
    where TVector : struct
{
    /// <summary>sum + left * right, in every place.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector sum);

    /// <summary>The sum as a float.</summary>
    static abstract TVector Float(TVector sum);
}
