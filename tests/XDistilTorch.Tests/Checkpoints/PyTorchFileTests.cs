using System.Numerics;
using XDistilTorch.Checkpoints;

namespace XDistilTorch.Tests.Checkpoints;

public class PyTorchFileTests
{
    [Fact]
    public void A_view_is_read_by_its_offset_and_strides()
    {
        Read(ZipBytes.Torch(PickleBytes.OneTensor(1, 4, [3], [1])).End()).Should().Equal(2, 3, 4);
        Read(ZipBytes.Torch(PickleBytes.OneTensor(0, 4, [2, 2], [1, 2])).End()).Should().Equal(1, 3, 2, 4);
        Read(ZipBytes.Torch(PickleBytes.OneTensor(1, 4, [2], [2])).End()).Should().Equal(2, 4);
        Read(ZipBytes.Torch(PickleBytes.OneTensor(3, 4, [1, 1], [100, 7])).End()).Should().Equal(4);
        Read(ZipBytes.Torch(PickleBytes.OneTensor(3, 4, [], [])).End()).Should().Equal(4);
        Read(ZipBytes.Torch(PickleBytes.OneTensor(4, 4, [0, 3], [5, 1])).End()).Should().BeEmpty();
    }

    [Fact]
    public void Archives_with_64_bit_sizes_and_comments_are_read()
    {
        var zip = new ZipBytes()
            .Add("a/data.pkl", PickleBytes.OneTensor(), zip64: true)
            .Add("a/data/0", ZipBytes.FourFloats, zip64: true)
            .End("a comment", zip64: true);

        Read(zip).Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void The_old_form_is_read()
    {
        Read(PickleBytes.LegacyFile(PickleBytes.OneTensor(0, 4, [2, 2], [1, 2], legacy: true), ZipBytes.FourFloats, 4))
            .Should()
            .Equal(1, 3, 2, 4);
    }

    [Fact]
    public void Parameters_later_protocols_and_attributes_of_the_dict_are_understood()
    {
        // {"w": Parameter(...)} by the instructions of protocol 4, then _metadata set on the dict
        byte[] dict = [0x8c, 11, .. "collections"u8, 0x94, 0x8c, 11, .. "OrderedDict"u8, 0x93, (byte)')', (byte)'R'];
        var pickle = new PickleBytes(4)
            .Raw(dict)
            .Raw(0x8c, 1, (byte)'w')
            .Global("torch._utils", "_rebuild_parameter")
            .Raw((byte)'(')
            .Tensor(p => p.Storage("0", 4), 0, [4], [1])
            .Raw(0x88)
            .EmptyOrderedDict()
            .Raw((byte)'t', (byte)'R')
            .SetItem()
            .Raw((byte)'}')
            .Text("_metadata")
            .EmptyOrderedDict()
            .Raw((byte)'s', (byte)'b')
            .Stop();

        Read(ZipBytes.Torch(pickle).End()).Should().Equal(1, 2, 3, 4);
    }

    [Theory]
    [InlineData("HalfStorage", DType.F16, 8)]
    [InlineData("BFloat16Storage", DType.BF16, 8)]
    [InlineData("FloatStorage", DType.F32, 4)]
    [InlineData("DoubleStorage", DType.F64, 2)]
    [InlineData("ByteStorage", DType.U8, 16)]
    [InlineData("CharStorage", DType.I8, 16)]
    [InlineData("BoolStorage", DType.Bool, 16)]
    [InlineData("ShortStorage", DType.I16, 8)]
    [InlineData("IntStorage", DType.I32, 4)]
    [InlineData("LongStorage", DType.I64, 2)]
    public void Every_type_of_storage_is_read(string type, DType dtype, int count)
    {
        using var folder = new TemporaryFolder();
        var pickle = new PickleBytes().Raw((byte)'}').Text("w").Tensor(p => p.Storage("0", count, type), 0, [count], [1]).SetItem().Stop();
        using var checkpoint = Checkpoint.Open(folder.Write("pytorch_model.bin", ZipBytes.Torch(pickle).End()));

        checkpoint.Tensors["w"].DType.Should().Be(dtype);
        using var tensor = checkpoint.Read("w");
        // Of a bool only 0 and 1 are kept: torch computes nonsense with other bytes.
        byte[] bytes = dtype == DType.Bool ? [.. ZipBytes.FourFloats.Select(b => (byte)(b == 0 ? 0 : 1))] : ZipBytes.FourFloats;
        tensor.bytes.ToArray().Should().Equal(bytes);
    }

    [Theory]
    [InlineData("posix", "system", "posix.system")]
    [InlineData("torch", "FloatStorage2", "torch.FloatStorage2")]
    [InlineData("torch._utils", "_rebuild_sparse_tensor", "torch._utils._rebuild_sparse_tensor")]
    [InlineData("a\u0007", "b", "\"a\\u0007.b\"")]
    public void A_name_outside_the_list_is_named_and_not_called(string module, string name, string shown)
    {
        var pickle = new PickleBytes().Global(module, name).Text("echo").Raw(0x85, (byte)'R', (byte)'.').Stop();

        Refusal(ZipBytes.Torch(pickle).End())
            .Should()
            .Contain($"archive/data.pkl, byte 2: it refers to {shown}, which is not among")
            .And.Contain("Nothing was called");
    }

    [Fact]
    public void Calls_of_known_names_with_other_arguments_are_refused()
    {
        Refusal(Pickle(p => p.Global("collections", "OrderedDict").Raw((byte)']', 0x85, (byte)'R')))
            .Should()
            .Contain("collections.OrderedDict is called with (a list)");
        Refusal(Pickle(p => p.Global("torch", "FloatStorage").Raw((byte)')', (byte)'R'))).Should().Contain("only names a type");
        Refusal(Pickle(p => p.Global("torch._utils", "_rebuild_tensor_v2").Tuple(1, 2).Raw((byte)'R')))
            .Should()
            .Contain("_rebuild_tensor_v2 is called with (an int, an int)");
        Refusal(Pickle(p => p.Text("x").Tuple(1).Raw((byte)'Q'))).Should().Contain("by (an int), expected ('storage'");
        Refusal(Pickle(p => p.Text("x").Raw((byte)')', (byte)'R'))).Should().Contain("a str stands where it cannot");
        Refusal(Pickle(p => p.Raw((byte)'}', (byte)'}', (byte)'b'))).Should().Contain("attributes from a dict are set on a dict");
        Refusal(Pickle(p => p.Raw((byte)'}', (byte)'b'))).Should().Contain("stack is empty");
    }

    [Fact]
    public void Broken_programs_are_refused()
    {
        Refusal(Pickle(p => p.Raw((byte)'0'))).Should().Contain("too few values");
        Refusal(Pickle(p => p.Raw((byte)'N', (byte)'(', (byte)'0'))).Should().Contain("too few values");
        Refusal(Pickle(p => p.Raw((byte)'t'))).Should().Contain("a collection ends that never began");
        Refusal(Pickle(p => p.Raw((byte)'h', 9))).Should().Contain("memo 9 was never filled");
        Refusal(Pickle(p => p.Raw((byte)'}', (byte)'(', (byte)'N', (byte)'u'))).Should().Contain("a key without a value");
        Refusal(Pickle(p => p.Raw((byte)'X', 255, 255, 255, 255))).Should().Contain("cut short");
        Refusal(Pickle(p => p.Raw((byte)'X', 1, 0, 0, 0, 0xff))).Should().Contain("not UTF-8");
        Refusal(Pickle(p => p.Raw((byte)'c', (byte)'a'))).Should().Contain("within a name");
        Refusal(Pickle(p => p.Raw((byte)'i'))).Should().Contain("byte 2: the instruction 0x69 is not one of those");
        Refusal(Pickle(p => p.Raw(0x80, 1))).Should().Contain("pickle protocol 1, expected 2 to 5");
    }

    [Fact]
    public void What_is_no_state_dict_is_refused()
    {
        Refusal(Pickle(p => p.Raw((byte)')'))).Should().Contain("holds a tuple, expected a state dict");
        Refusal(Pickle(p => p.Raw((byte)'}').Text("epoch").Int(3).SetItem()))
            .Should()
            .Contain("epoch is an int, expected a tensor")
            .And.Contain("state_dict()");
        Refusal(Pickle(p => p.Raw((byte)'}').Int(1).Int(3).SetItem())).Should().Contain("a key of the state dict is an int");
        Refusal(Pickle(p => Twice(p.Raw((byte)'}')))).Should().Contain("the tensor w stands there twice");

        static void Twice(PickleBytes pickle)
        {
            for (var i = 0; i < 2; i++)
                pickle.Text("w").Tensor(p => p.Storage("0", 4), 0, [4], [1]).SetItem();
        }
    }

    [Theory]
    [InlineData(0, 4, new[] { -1 }, new[] { 1 }, "negative")]
    [InlineData(0, 4, new[] { 4 }, new[] { -1 }, "negative")]
    [InlineData(-1, 4, new[] { 4 }, new[] { 1 }, "negative")]
    [InlineData(2, 4, new[] { 4 }, new[] { 1 }, "past the end of its storage 0 of 4")]
    [InlineData(5, 4, new[] { 0 }, new[] { 1 }, "past the end of its storage 0 of 4")]
    [InlineData(0, 4, new[] { 2, 2 }, new[] { 3, 1 }, "past the end of its storage 0 of 4")]
    [InlineData(0, 4, new[] { 1000000000 }, new[] { 0 }, "has 1000000000 elements, more than its storage 0, which has 4")]
    [InlineData(
        0,
        4,
        new[] { int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, 0 },
        new[] { 1, 1, 1, 1, 1, 1 },
        "more than its storage"
    )]
    [InlineData(0, 4, new[] { 4 }, new[] { 1, 1 }, "as many strides as sizes")]
    [InlineData(0, 1000000000, new[] { 1000000000 }, new[] { 1 }, "data/0 is 16 bytes, expected those of 1,000,000,000 elements")]
    [InlineData(0, -4, new[] { 0 }, new[] { 1 }, "has -4 elements")]
    public void A_tensor_that_leaves_its_storage_is_refused(int offset, int count, int[] shape, int[] strides, string words) =>
        Refusal(ZipBytes.Torch(PickleBytes.OneTensor(offset, count, shape, strides)).End()).Should().Contain(words);

    [Theory]
    [InlineData("../0")]
    [InlineData("0/../1")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void A_storage_key_that_is_no_plain_name_is_refused(string key) =>
        Refusal(ZipBytes.Torch(PickleBytes.OneTensor(key: key)).End()).Should().Contain("expected a plain name");

    [Fact]
    public void One_storage_spoken_of_in_two_ways_is_refused()
    {
        var pickle = Pickle(p =>
        {
            p.Raw((byte)'}').Text("a").Tensor(s => s.Storage("0", 4), 0, [4], [1]).SetItem();
            p.Text("b").Tensor(s => s.Storage("0", 2, "DoubleStorage"), 0, [2], [1]).SetItem();
        });

        Refusal(pickle).Should().Contain("storage 0 is once 4 elements of F32, once 2 of F64");
    }

    [Fact]
    public void Damaged_data_is_noticed_when_it_is_read()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(
            folder.Write("pytorch_model.bin", ZipBytes.Torch(PickleBytes.OneTensor(), wrongCrc: 1).End())
        );

        var read = () => checkpoint.Read("w");

        read.Should().Throw<CheckpointException>().Which.Message.Should().Contain("archive/data/0 is damaged").And.Contain("CRC-32");
    }

    [Fact]
    public void Big_endian_files_are_refused_by_name()
    {
        Refusal(ZipBytes.Torch(PickleBytes.OneTensor(), order: "big").End())
            .Should()
            .Contain("archive/byteorder says big, expected little");
        Refusal(PickleBytes.LegacyFile(PickleBytes.OneTensor(legacy: true), ZipBytes.FourFloats, 4, littleEndian: false))
            .Should()
            .Contain("written big-endian");
    }

    [Fact]
    public void Archives_that_torch_does_not_write_are_refused()
    {
        var pickle = PickleBytes.OneTensor();
        byte[] four = ZipBytes.FourFloats;
        ZipBytes Torch(string folder = "archive") => ZipBytes.Torch(pickle, folder);

        Refusal(Torch().Add("archive/x", [1], method: 8).End()).Should().Contain("archive/x is compressed (method 8)");
        Refusal(Torch().Add("archive/x", [1], flags: 1).End()).Should().Contain("archive/x is encrypted");
        Refusal(Torch("../archive").End()).Should().Contain("../archive/data.pkl, expected a plain path");
        Refusal(Torch().Add("/etc/passwd", [1]).End()).Should().Contain("/etc/passwd, expected a plain path");
        Refusal(Torch().Add("a\\b", [1]).End()).Should().Contain("expected a plain path");
        Refusal(Torch().Add("archive/data/0", four).End()).Should().Contain("archive/data/0 stands in its directory twice");
        Refusal(Torch().Add("archive/x", [1], localName: "archive/y").End())
            .Should()
            .Contain("archive/x has a header of its own that says otherwise");
        Refusal(Torch().Add("archive/x", [1], claimedLength: 4_000_000_000).End()).Should().Contain("reaches into the directory");
        Refusal(Torch().Add("other/data.pkl", pickle).End()).Should().Contain("2 entries of the kind archive/data.pkl");
        Refusal(new ZipBytes().Add("data.pkl", pickle).End()).Should().Contain("0 entries of the kind archive/data.pkl");
        Refusal(new ZipBytes().Add("a/data.pkl", pickle).End()).Should().Contain("the entry a/data/0 for storage 0 is missing");
        Refusal(new ZipBytes().Add("a/data.pkl", pickle, crcOffBy: 1).Add("a/data/0", four).End())
            .Should()
            .Contain("a/data.pkl is damaged");
        Refusal(Torch().End()[..^1]).Should().Contain("no directory at its end");
    }

    [Fact]
    public void The_old_form_with_other_storages_than_its_tensors_is_refused()
    {
        var dict = PickleBytes.OneTensor(legacy: true);
        byte[] four = ZipBytes.FourFloats;

        Refusal(PickleBytes.LegacyFile(dict, four, 5)).Should().Contain("storage 0 has 5 elements, its tensors expect 4");
        Refusal(PickleBytes.LegacyFile(dict, four[..^1], 4)).Should().Contain("the file has only 15 more; it is cut short");
        Refusal(PickleBytes.LegacyFile(dict, [.. four, 0], 4)).Should().Contain("after the last storage it has 1 more bytes");
        Refusal(PickleBytes.LegacyFile(dict, four, 4, key: "1")).Should().Contain("storage 0 is missing from the list");
        Refusal(PickleBytes.LegacyFile(PickleBytes.OneTensor(count: int.MaxValue, legacy: true), four, int.MaxValue))
            .Should()
            .Contain("cut short");
        Refusal(new PickleBytes().Int(1).Stop()).Should().Contain("not PyTorch's magic number");
        Refusal([1, 2, 3]).Should().Contain("neither of the two kinds");
    }

    [Fact]
    public void A_long_number_is_a_number()
    {
        var tooLarge = new BigInteger(long.MaxValue) + 1;
        byte[] digits = tooLarge.ToByteArray();
        var pickle = Pickle(p => p.Raw((byte)'}').Text("n").Raw(0x8a, (byte)digits.Length).Raw(digits).SetItem());

        Refusal(pickle).Should().Contain("n is an int, expected a tensor");
    }

    [Fact]
    public void An_archive_cut_anywhere_is_refused() =>
        DamagedFiles.RefuseEveryCut("pytorch_model.bin", ZipBytes.Torch(PickleBytes.OneTensor()).End());

    [Fact]
    public void The_old_form_cut_anywhere_is_refused() =>
        DamagedFiles.RefuseEveryCut(
            "pytorch_model.bin",
            PickleBytes.LegacyFile(PickleBytes.OneTensor(legacy: true), ZipBytes.FourFloats, 4)
        );

    [Fact]
    public void An_archive_with_one_byte_changed_is_refused_or_read()
    {
        var whole = ZipBytes.Torch(PickleBytes.OneTensor()).End();

        var (refused, tried) = DamagedFiles.FlipEveryByte("pytorch_model.bin", whole, 0, whole.Length);

        refused.Should().BeGreaterThan(tried / 2);
    }

    [Fact]
    public void The_old_form_with_one_byte_changed_is_refused_or_read()
    {
        var whole = PickleBytes.LegacyFile(PickleBytes.OneTensor(legacy: true), ZipBytes.FourFloats, 4);

        var (refused, tried) = DamagedFiles.FlipEveryByte("pytorch_model.bin", whole, 0, whole.Length);

        refused.Should().BeGreaterThan(tried / 2);
    }

    private static byte[] Pickle(Action<PickleBytes> write)
    {
        var pickle = new PickleBytes();
        write(pickle);
        return ZipBytes.Torch(pickle.Stop()).End();
    }

    private static float[] Read(byte[] file)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(folder.Write("pytorch_model.bin", file));
        using var tensor = checkpoint.Read("w");
        return tensor.numel() == 0 ? [] : tensor.data<float>().ToArray();
    }

    private static string Refusal(byte[] file)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("pytorch_model.bin", file);
        var open = () => Checkpoint.Open(path);
        return open.Should().Throw<CheckpointException>().Which.Message;
    }
}
