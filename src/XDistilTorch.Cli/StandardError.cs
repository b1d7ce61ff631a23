namespace XDistilTorch.Cli;

/// <summary>Standard error; where it cannot be written there is nobody to tell, and the exit code has to do.</summary>
internal sealed class StandardError : OneWayStream
{
    private readonly Stream inner = Console.OpenStandardError();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException) { }
    }
}
