using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Compression;

/// <summary>Bytes that come once, kept in a temporary file for somebody who has to go back and forth; it goes when the stream is closed.</summary>
internal static class Spool
{
    public static FileStream Of(ByteBuffer bytes)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"xdistil-{Guid.NewGuid():n}.tmp"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        try
        {
            new BufferStream(bytes).CopyTo(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
