using System.Runtime.InteropServices;

namespace XDistilTorch.Cli;

/// <summary>Standard output, whose failures say that it is standard output that failed. A reader that left early (a pipe to head) ends the work quietly.</summary>
internal sealed partial class StandardOutput : OneWayStream
{
    private const int Interrupted = 4,
        TryAgain = 11,
        BrokenPipe = 32; // errno on Linux

    private Stream? inner; // where write(2) is not ours to call

    /// <exception cref="ReaderLeftException">Nobody reads any more.</exception>
    /// <exception cref="XDistilException">It cannot be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (OperatingSystem.IsLinux())
            WriteHere(buffer);
        else
            WriteThere(buffer);
    }

    // The runtime's own stream keeps silent when the reader has left, and the work would go on for nobody.
    private static unsafe void WriteHere(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint written;
            fixed (byte* start = buffer)
                written = Write(1, start, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain: // the descriptor was made non-blocking by somebody we share it with
                    Thread.Sleep(1);
                    break;
                case BrokenPipe:
                    throw new ReaderLeftException();
                case var error:
                    throw Failure(Marshal.GetPInvokeErrorMessage(error), null);
            }
        }
    }

    private void WriteThere(ReadOnlySpan<byte> buffer)
    {
        try
        {
            (inner ??= Console.OpenStandardOutput()).Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw Failure(e.Message.TrimEnd('.'), e);
        }
    }

    private static XDistilException Failure(string reason, Exception? inner) =>
        new($"standard output cannot be written: {reason}. Results are incomplete.", inner);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int descriptor, byte* start, nint count);
}
