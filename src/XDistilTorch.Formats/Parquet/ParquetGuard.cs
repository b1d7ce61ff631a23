using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Parquet;

/// <summary>Turns whatever the library throws at a damaged file into one fault.</summary>
internal static class ParquetGuard
{
    // What an IOException says that no system call failed for, or only because it was asked for a place that cannot be.
    private const int NoSystemError = unchecked((int)0x80131620);
    private const int InvalidArgument = 22;

    public static InputFaultException Broken(string reason) =>
        new(new DataFault(DataFaultCode.ParquetBroken, default, reason, "Get the file again, or write it again as Parquet."));

    public static T Read<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return read().AsTask().GetAwaiter().GetResult();
        }
        // Damaged bytes end in whatever arithmetic, allocation or array access fails first, not only in the library's own exceptions.
        catch (Exception e)
            when (e
                    is not InputFaultException
                        and (not IOException or EndOfStreamException or { HResult: NoSystemError or InvalidArgument })
            )
        {
            throw Broken($"is a damaged Parquet file ({e.Message.TrimEnd('.')}).");
        }
    }
}
