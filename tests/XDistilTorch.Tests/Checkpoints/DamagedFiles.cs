using XDistilTorch.Checkpoints;

namespace XDistilTorch.Tests.Checkpoints;

/// <summary>Opens files that are damaged in every way there is, and holds the reader to its word: a clear error, or tensors; in little memory.</summary>
internal static class DamagedFiles
{
    /// <summary>Every file that is this one cut short must be refused.</summary>
    public static void RefuseEveryCut(string fileName, byte[] whole)
    {
        using var folder = new TemporaryFolder();
        using (Checkpoint.Open(folder.Write(fileName, whole))) { } // or the test would prove nothing
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Write(fileName, whole[..length]);
            var open = () => Checkpoint.Open(path);
            open.Should().Throw<CheckpointException>($"the file is cut at {length}").Which.Message.Should().Contain(fileName);
        }
    }

    /// <summary>Reads a file that may be damaged; whether it could be.</summary>
    public static bool TryReadAll(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var name in checkpoint.Tensors.Keys)
                checkpoint.Read(name).Dispose();
            return true;
        }
        catch (CheckpointException)
        {
            return false;
        }
        finally
        {
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4_000_000);
        }
    }

    /// <summary>Changes single bits and whole bytes from <paramref name="start"/> to <paramref name="end"/>; how many of the files were refused.</summary>
    public static (int Refused, int Tried) FlipEveryByte(string fileName, byte[] whole, int start, int end)
    {
        using var folder = new TemporaryFolder();
        var (refused, tried) = (0, 0);
        for (var at = start; at < end; at++)
            foreach (var flip in (ReadOnlySpan<byte>)[0x01, 0x10, 0x80, 0xff])
            {
                var damaged = (byte[])whole.Clone();
                damaged[at] ^= flip;
                tried++;
                if (!TryReadAll(folder.Write(fileName, damaged)))
                    refused++;
            }
        return (refused, tried);
    }
}
