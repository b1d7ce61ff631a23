namespace XDistilTorch.Engines.Kernels;

/// <summary>
/// The vector instructions of one kind of processor, so that a kernel is written once and compiled for each: the JIT knows <typeparamref name="TVector"/> and every
/// constant here when it compiles, and what is left is the instructions alone.
/// </summary>
/// <typeparam name="TVector">A register full of floats.</typeparam>
internal unsafe interface IVectors<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the matrix product's tile: two vectors of sums for each must stay in registers.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector vector, float* destination);

    /// <summary>The same number in every place.</summary>
    static abstract TVector Create(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Max(TVector left, TVector right);

    static abstract TVector Min(TVector left, TVector right);

    /// <summary>The nearest whole numbers; of two, the even one.</summary>
    static abstract TVector Round(TVector vector);

    /// <summary>vector * 2^n, for whole numbers n from -126 to 127.</summary>
    static abstract TVector Scale(TVector vector, TVector exponents);

    /// <summary>The sum of all places, in an order of its own that is always the same.</summary>
    static abstract float Sum(TVector vector);

    static abstract float Largest(TVector vector);

    static abstract float Smallest(TVector vector);

    /// <summary>
    /// Whole numbers instead of floats in the same registers: each place has two of 16 bits in <paramref name="left"/> and <paramref name="right"/>, and one of 32 bits in <paramref name="sum"/>,
    /// which gets both products. Twice as many products as of floats.
    /// </summary>
    static abstract TVector MultiplyAddPairs(TVector left, TVector right, TVector sum);

    /// <summary>The nearest whole numbers of 16 bits, two in a place: those of <paramref name="low"/> and of <paramref name="high"/>.</summary>
    static abstract TVector RoundToPairs(TVector low, TVector high);

    /// <summary>The floats nearest to whole numbers of 32 bits.</summary>
    static abstract TVector FromWhole(TVector whole);

    /// <summary>Rounds whole numbers 0 to 255 to bytes; <see cref="Count"/> bytes are written.</summary>
    static abstract void StoreBytes(TVector vector, byte* destination);
}
