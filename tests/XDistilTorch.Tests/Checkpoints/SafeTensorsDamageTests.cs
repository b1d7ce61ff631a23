using System.Buffers.Binary;
using CsCheck;

namespace XDistilTorch.Tests.Checkpoints;

public class SafeTensorsDamageTests
{
    [Fact]
    public void A_file_cut_anywhere_is_refused() => DamagedFiles.RefuseEveryCut("cut.safetensors", SafeTensorsBytes.Rich);

    [Fact]
    public void A_header_with_one_byte_changed_is_refused_or_read()
    {
        var whole = SafeTensorsBytes.Rich;
        var end = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);

        var (refused, tried) = DamagedFiles.FlipEveryByte("flipped.safetensors", whole, 0, end);

        refused.Should().BeGreaterThan(tried / 2);
        // A letter of a name, for one, may change.
        refused.Should().BeLessThan(tried);
    }

    [Fact]
    public void A_header_with_many_bytes_changed_is_refused_or_read()
    {
        var whole = SafeTensorsBytes.Rich;
        using var folder = new TemporaryFolder();
        var path = folder.At("random.safetensors");
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte)
            .Array[1, 20]
            .Sample(
                changes =>
                {
                    var damaged = (byte[])whole.Clone();
                    foreach (var (at, value) in changes)
                        damaged[at] = value;
                    File.WriteAllBytes(path, damaged);
                    DamagedFiles.TryReadAll(path);
                },
                iter: 2000,
                threads: 1
            );
    }
}
