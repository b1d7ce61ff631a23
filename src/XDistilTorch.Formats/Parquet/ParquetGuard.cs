using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Parquet;

/// <summary>Turns whatever the library throws at a damaged file into one fault.</summary>
internal static class ParquetGuard
{
    // What an IOException says that no system call failed for.
    private const int NoSystemError = unchecked((int)0x80131620);

    public static InputFaultException Broken(string reason) =>
        new(new DataFault(DataFaultCode.ParquetBroken, default, reason, "Get the file again, or write it again as Parquet."));

    public static T Read<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return read().AsTask().GetAwaiter().GetResult();
        }
        // Damaged bytes end in whatever arithmetic, allocation or array access fails first, not only in the library's own exceptions.
        catch (Exception e) when (e is not InputFaultException and (not IOException or EndOfStreamException or { HResult: NoSystemError }))
        {
            throw Broken($"is a damaged Parquet file ({e.Message.TrimEnd('.')}).");
        }
    }
}
