namespace XDistilTorch.Engines.Packed;

/// <summary>What an engine's workers and their memory are made for.</summary>
/// <param name="Hidden">H.</param>
/// <param name="Attention">Width of all heads side by side, each padded to whole panels; the widest of all layers.</param>
/// <param name="Intermediate">Width of the MLP, padded to whole panels.</param>
/// <param name="HeadSize">D, padded to whole panels.</param>
/// <param name="Positions">The longest window.</param>
/// <param name="Arithmetic">What the layers multiply in.</param>
internal sealed record PackedShape(int Hidden, int Attention, int Intermediate, int HeadSize, int Positions, Arithmetic Arithmetic)
{
    // Their numbers stay in the second-level cache.
    private const int UsualBlock = 96;

    // Each call of oneDNN's costs some microseconds, which have to be worth it.
    private const int ByteBlock = 192;

    // Enough for several short windows; more would only keep single questions waiting.
    private const int UsualRows = 384;

    /// <summary>The most tokens of one pack.</summary>
    public int PackRows => Math.Max(UsualRows, Positions);

    /// <summary>How many rows are computed together from one linear layer to the next.</summary>
    public int BlockRows => Arithmetic == Arithmetic.Bytes ? ByteBlock : UsualBlock;

    /// <summary>Whether libtorch is called; else it need not be there.</summary>
    public bool CallsTorch => Arithmetic == Arithmetic.Bytes;

    /// <summary>Whether that many tokens are worth a pass of their own.</summary>
    public static bool Suffices(int rows) => rows >= UsualRows / 2;
}
