using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Testing;

namespace XDistilTorch.Tests.Checkpoints;

public class SafeTensorsFormatTests
{
    private const string Folder = FormatGoldens.Folder + "/malformed";
    private const string List = Folder + "/verdicts.json";

    public static IEnumerable<TheoryDataRow<string>> ToLoad => FormatGoldens.Names(List, "expected", "load");

    public static IEnumerable<TheoryDataRow<string>> ToRefuse => FormatGoldens.Names(List, "expected", "refuse");

    [Theory]
    [MemberData(nameof(ToLoad))]
    public void Files_that_are_odd_but_right_load(string name)
    {
        var expected = FormatGoldens.Expected(List, name).GetProperty("tensors");

        using var file = SafeTensors.Open(GoldenFolder.Require($"{Folder}/{name}"));

        file.Tensors.Keys.Should().BeEquivalentTo(expected.EnumerateObject().Select(t => t.Name));
        foreach (var tensor in expected.EnumerateObject())
        {
            file.Tensors[tensor.Name].Shape.Should().Equal(tensor.Value.Longs());
            using var read = file.Read(tensor.Name);
            read.shape.Should().Equal(tensor.Value.Longs());
        }
    }

    [Theory]
    [MemberData(nameof(ToRefuse))]
    public void Files_that_break_the_format_are_refused_by_name_in_little_memory(string name)
    {
        var path = GoldenFolder.Require($"{Folder}/{name}");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var open = () => SafeTensors.Open(path);

        open.Should().Throw<CheckpointException>().Which.Message.Should().Contain(name).And.NotContain("\n");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4_000_000);
    }

    // The header, the bytes of data after it, and words that the message must have.
    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "a is named twice"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\u0061":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""",
        16,
        "a is named twice"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        12,
        "a begins at 4, expected 0, where the data begins: a hole"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""",
        6,
        "b begins at 2, expected 4, where that of a ends: they overlap"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "ends at 8, the file has only 7 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "after it the file has 1 more bytes")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""",
        8,
        "a of shape [3] and type F32 is 12 bytes, its data_offsets span 8"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}""", 1, "no whole number of bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "shape has the number -2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}""", 0, "shape has the number -0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}""", 8, "shape has the number 2e0")]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype is F33, expected one of BOOL, U8")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "a has no dtype")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "a has dtype twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8, "data_offsets has 3 numbers, expected 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "before they begin")]
    [InlineData("""{"a":null}""", 0, "a is null, expected an object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__: a is the number 1, expected a string")]
    [InlineData("""{"__metadata__":{"a":"1","a":"1"}}""", 0, "__metadata__: a stands there twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__ stands twice")]
    [InlineData("""[1]""", 0, "the header is a list, expected a JSON object")]
    [InlineData("""{} {}""", 0, "not JSON at byte")]
    [InlineData("""{"a":""", 0, "not JSON at byte")]
    [InlineData("", 0, "not JSON at byte")]
    [InlineData("""{"\ud800":{}}""", 0, "not Unicode")]
    public void A_fault_is_named(string json, int dataLength, string words)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("faulty.safetensors", SafeTensorsBytes.Of(json, dataLength));

        var open = () => SafeTensors.Open(path);

        open.Should().Throw<CheckpointException>().Which.Message.Should().StartWith(path).And.Contain(words);
    }

    [Theory]
    [InlineData(100_000_001ul, "at most 100,000,000 are allowed")]
    [InlineData(ulong.MaxValue, "at most 100,000,000 are allowed")]
    [InlineData(100_000_000ul, "after it the file has only 2")]
    public void A_header_longer_than_the_file_or_the_format_allows_is_refused(ulong length, string words)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("long.safetensors", SafeTensorsBytes.Of("{}", 0, length));

        var open = () => SafeTensors.Open(path);

        open.Should().Throw<CheckpointException>().Which.Message.Should().Contain(words);
    }

    [Fact]
    public void Deep_values_are_refused_without_recursion()
    {
        using var folder = new TemporaryFolder();
        var json = $"{{\"a\":{{\"x\":{new string('[', 1_000_000)}{new string(']', 1_000_000)}}}}}";
        var path = folder.Write("deep.safetensors", SafeTensorsBytes.Of(json, 0));

        var open = () => SafeTensors.Open(path);

        open.Should().Throw<CheckpointException>().Which.Message.Should().Contain("depth");
    }

    [Fact]
    public void Tensors_are_read_as_they_lie_in_the_file()
    {
        using var folder = new TemporaryFolder();
        using var file = SafeTensors.Open(folder.Write("rich.safetensors", SafeTensorsBytes.Rich));

        file.Tensors.Keys.Should().Equal("a", "", "zero", "b");
        file.Metadata.Should().BeEquivalentTo(new Dictionary<string, string> { ["format"] = "pt" });
        file.ReadBytes("b").ToArray().Should().Equal(25, 26, 27, 28, 29, 30);
        using var stream = file.OpenStream("");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.ToArray().Should().Equal(17, 18, 19, 20, 21, 22, 23, 24);
        using var scalar = file.Read("");
        scalar.shape.Should().BeEmpty();
        scalar.item<long>().Should().Be(0x1817161514131211);
        using var matrix = file.Read("a");
        matrix.shape.Should().Equal(2, 2);
        matrix.data<float>()[1, 0].Should().Be(BitConverter.ToSingle([9, 10, 11, 12]));
    }

    [Fact]
    public void Tensors_outlive_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("rich.safetensors", SafeTensorsBytes.Rich);
        torch.Tensor tensor;
        using (var file = SafeTensors.Open(path))
            tensor = file.Read("b");

        using (tensor)
            tensor.bytes.ToArray().Should().Equal(25, 26, 27, 28, 29, 30);
    }

    [Fact]
    public void A_closed_file_says_so()
    {
        using var folder = new TemporaryFolder();
        var file = SafeTensors.Open(folder.Write("rich.safetensors", SafeTensorsBytes.Rich));
        file.Dispose();

        ((Action)(() => file.Read("a"))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => file.ReadBytes("a"))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => file.OpenStream("a"))).Should().Throw<ObjectDisposedException>();
    }

    [Theory]
    [InlineData("U16", 2)]
    [InlineData("U32", 4)]
    [InlineData("U64", 8)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("C64", 8)]
    public void Types_that_torch_lacks_are_listed_and_readable_as_bytes(string dtype, int size)
    {
        using var folder = new TemporaryFolder();
        var json = $$$"""{"a":{"dtype":"{{{dtype}}}","shape":[1],"data_offsets":[0,{{{size}}}]}}""";
        using var file = SafeTensors.Open(folder.Write("other.safetensors", SafeTensorsBytes.Of(json, size)));

        file.Tensors["a"].DType.ToString().Should().Be(dtype);
        file.ReadBytes("a").Length.Should().Be(size);
        var read = () => file.Read("a");
        read.Should().Throw<CheckpointException>().Which.Message.Should().Contain($"a is {dtype}, which libtorch has no tensors of");
    }

    [Fact]
    public void An_unknown_name_is_named()
    {
        using var folder = new TemporaryFolder();
        using var file = SafeTensors.Open(folder.Write("rich.safetensors", SafeTensorsBytes.Rich));

        var read = () => file.Read("absent");

        read.Should().Throw<KeyNotFoundException>().Which.Message.Should().Contain("absent").And.Contain("4 tensors");
    }
}
