using System.IO.Compression;
using XDistilTorch.Data;
using XDistilTorch.Data.Reading;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace XDistilTorch.Formats.Compression;

/// <summary>gzip and zstd around a file: told by the first bytes when reading, by the name when writing.</summary>
internal static class Packed
{
    /// <summary>The contents of compressed bytes; null when they are not compressed.</summary>
    public static ByteBuffer? Unpacked(ByteBuffer bytes)
    {
        bytes.FillTo(2);
        return GzipMembers.StartsHere(bytes.Bytes) ? new ByteBuffer(new GzipMembers(bytes))
            : ZstdFrames.StartsHere(bytes) ? new ByteBuffer(new ZstdFrames(bytes))
            : null;
    }

    /// <summary>What is odd about the name of a file with these first bytes.</summary>
    public static IEnumerable<DataItem> JudgeName(string name, ByteBuffer bytes)
    {
        bytes.FillTo(2);
        if (DataReader.JudgeGzipName(name, GzipMembers.StartsHere(bytes.Bytes), bytes.Bytes.IsEmpty) is { } gzip)
            yield return gzip;
        var isZstd = ZstdFrames.StartsHere(bytes);
        if (isZstd && !FileName.IsZstd(name))
            yield return DataReader.Whole(
                DataFaultCode.ZstdWithoutZstName,
                "is compressed with zstd; its name does not say so.",
                "Add .zst to the name."
            );
        if (!isZstd && FileName.IsZstd(name) && !bytes.Bytes.IsEmpty)
            yield return DataReader.Whole(
                DataFaultCode.ZstNameWithoutZstd,
                "is not compressed with zstd, though its name ends in .zst.",
                "Remove .zst from the name."
            );
    }

    /// <summary>A stream that compresses as the name says, and leaves the file open; null when the name says nothing.</summary>
    public static Stream? Around(Stream file, string name)
    {
        if (FileName.IsGzip(name))
            return new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
        if (!FileName.IsZstd(name))
            return null;
        var zstd = new CompressionStream(file, level: 3, leaveOpen: true);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return zstd;
    }
}
