using System.Text;
using CsCheck;
using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

public class SafeTensorsWriteTests
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Bool,
        ScalarType.Byte,
        ScalarType.Int8,
        ScalarType.Int16,
        ScalarType.Int32,
        ScalarType.Int64,
        ScalarType.Float16,
        ScalarType.BFloat16,
        ScalarType.Float32,
        ScalarType.Float64,
    ];

    private static readonly Gen<(ScalarType Type, long[] Shape, int Seed)[]> Tensors = Gen.Select(
        Gen.Int[0, Types.Length - 1].Select(i => Types[i]),
        Gen.Long[0, 5].Array[0, 4],
        Gen.Int
    ).Array[0, 6];

    [Fact]
    public void What_is_written_is_read_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        Tensors.Sample(
            items =>
            {
                using var scope = NewDisposeScope();
                var tensors = items
                    .Select((item, i) => KeyValuePair.Create($"t{i}", RandomBits(item.Type, item.Shape, item.Seed)))
                    .ToArray();

                SafeTensors.Write(folder.At("a.safetensors"), tensors, [new("key", "value")]);

                var read = SafeTensors.Read(folder.At("a.safetensors"));
                read.Keys.Should().BeEquivalentTo(tensors.Select(t => t.Key));
                foreach (var (name, written) in tensors)
                {
                    read[name].dtype.Should().Be(written.dtype);
                    read[name].shape.Should().Equal(written.shape);
                    read[name].bytes.ToArray().Should().Equal(written.bytes.ToArray());
                }
            },
            iter: 200,
            threads: 1
        );
    }

    [Fact]
    public void Data_is_aligned_to_its_elements()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a.safetensors");
        Tensors.Sample(
            items =>
            {
                using var scope = NewDisposeScope();
                SafeTensors.Write(
                    path,
                    items.Select((item, i) => KeyValuePair.Create($"t{i}", RandomBits(item.Type, item.Shape, item.Seed)))
                );

                using var file = MappedFile.Open(path);
                var header = SafeTensorsHeader.Read(file);
                (header.DataStart % 8).Should().Be(0);
                foreach (var place in header.Places)
                    ((header.DataStart + place.Begin) % (place.DType.Bits() / 8)).Should().Be(0);
            },
            iter: 50,
            threads: 1
        );
    }

    [Fact]
    public void A_tensor_with_odd_strides_is_written_in_row_major_order()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var transposed = arange(6).reshape(2, 3).t();
        var every_second = arange(10)[TensorIndex.Slice(0, null, 2)];

        SafeTensors.Write(folder.At("a.safetensors"), [new("t", transposed), new("s", every_second), new("e", full(1, 7L).expand(3))]);

        var read = SafeTensors.Read(folder.At("a.safetensors"));
        read["t"].data<long>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
        read["s"].data<long>().ToArray().Should().Equal(0, 2, 4, 6, 8);
        read["e"].data<long>().ToArray().Should().Equal(7, 7, 7);
    }

    [Fact]
    public void A_tensor_of_more_than_one_piece_is_written_whole()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var large = arange((1 << 21) + 3, dtype: ScalarType.Int32);

        SafeTensors.Write(folder.At("a.safetensors"), [new("large", large)]);

        using var file = SafeTensors.Open(folder.At("a.safetensors"));
        file.Read("large").eq(large).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Odd_names_and_notes_survive()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string[] names = ["", "../../x\n", "\u00e4\U0001f600", "\"\\", " "];

        SafeTensors.Write(
            folder.At("a.safetensors"),
            names.Select((name, i) => KeyValuePair.Create(name, tensor(i))),
            [new("\u0000", "\U0001f600")]
        );

        using var file = SafeTensors.Open(folder.At("a.safetensors"));
        for (var i = 0; i < names.Length; i++)
            file.Read(names[i]).item<int>().Should().Be(i);
        file.Metadata["\u0000"].Should().Be("\U0001f600");
    }

    [Fact]
    public void The_order_of_the_tensors_does_not_change_the_file()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors = [new("b", ones(2)), new("a", zeros(3)), new("c", ones(1, ScalarType.Int64))];

        SafeTensors.Write(folder.At("1"), tensors);
        SafeTensors.Write(folder.At("2"), tensors.Reverse());

        File.ReadAllBytes(folder.At("1")).Should().Equal(File.ReadAllBytes(folder.At("2")));
        Encoding
            .UTF8.GetString(File.ReadAllBytes(folder.At("1"))[8..])
            .Should()
            .StartWith("""{"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a":""");
    }

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder.Write("a.safetensors", "old");
        // Its size is known, its data is not there: the meta device has none.
        var without_data = zeros(4, device: META);

        var write = () => SafeTensors.Write(path, [new("a", ones(1000)), new("b", without_data)]);

        write.Should().Throw<Exception>();
        folder.Names.Should().Equal("a.safetensors");
        File.ReadAllText(path).Should().Be("old");
    }

    [Fact]
    public void A_folder_that_is_not_there_or_in_the_way_is_named()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.At("taken"));
        var absent = Path.Combine(folder.At("absent"), "a.safetensors");

        var write = () => SafeTensors.Write(absent, [new("a", ones(1))]);
        var replace = () => SafeTensors.Write(folder.At("taken"), [new("a", ones(1))]);

        write.Should().Throw<CheckpointException>().Which.Message.Should().StartWith($"{absent} cannot be written");
        replace.Should().Throw<CheckpointException>().Which.Message.Should().Contain("taken cannot be written");
        folder.Names.Should().Equal("taken");
    }

    [Fact]
    public void What_the_format_cannot_hold_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var one = ones(1);
        var path = folder.At("a.safetensors");

        Refused(() => SafeTensors.Write(path, [new("c", ones(1, ScalarType.ComplexFloat32))]), "c is ComplexFloat32");
        Refused(() => SafeTensors.Write(path, [new("a", one), new("a", one)]), "a is given twice");
        Refused(() => SafeTensors.Write(path, [new("__metadata__", one)]), "__metadata__");
        Refused(() => SafeTensors.Write(path, [new("\ud800", one)]), "no Unicode");
        Refused(() => SafeTensors.Write(path, [new("a", one)], [new("k", "1"), new("k", "2")]), "k twice");
        folder.Names.Should().BeEmpty();

        static void Refused(Action write, string words) => write.Should().Throw<ArgumentException>().Which.Message.Should().Contain(words);
    }

    private static Tensor RandomBits(ScalarType type, long[] shape, int seed)
    {
        var tensor = zeros(shape, type);
        new Random(seed).NextBytes(tensor.bytes); // every pattern, NaNs and denormals included
        if (type == ScalarType.Bool)
            foreach (ref var value in tensor.bytes)
                value &= 1;
        return tensor;
    }
}
