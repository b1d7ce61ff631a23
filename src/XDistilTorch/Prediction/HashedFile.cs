using System.Security.Cryptography;

namespace XDistilTorch.Prediction;

/// <summary>A file that is hashed while it is written and appears under its name when it is whole. What was there stays until then.</summary>
internal sealed class HashedFile : Stream
{
    private readonly string path,
        temporary;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;

    /// <param name="path">The name it gets in the end.</param>
    public HashedFile(string path)
    {
        this.path = path;
        temporary = $"{path}.tmp"; // one name, so that a killed run leaves one file at most
        file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        hash.AppendData(buffer);
        length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Puts it on the disk under its name.</summary>
    public WrittenFile Finish()
    {
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(temporary, path, overwrite: true);
        return new WrittenFile(Path.GetFileName(path), length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                file.Dispose(); // may find the disk full
            }
            finally
            {
                File.Delete(temporary); // gone already where all went well
                hash.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    public override void Flush() { } // what is half is nobody's business

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
