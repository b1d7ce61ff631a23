namespace XDistilTorch.Decoding;

/// <summary>One of the texts that compete to answer a question.</summary>
/// <param name="Context">The very string whose offsets the windows carry.</param>
/// <param name="Windows">All its windows for this question, in order.</param>
public sealed record DocumentWindows(string Context, IReadOnlyList<DecoderWindow> Windows);
