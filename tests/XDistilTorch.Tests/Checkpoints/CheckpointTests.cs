using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

public class CheckpointTests
{
    private static readonly byte[] Archive = ZipBytes.Torch(PickleBytes.OneTensor()).End();

    [Fact]
    public void A_folder_gives_safetensors_before_shards_before_pytorch()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pytorch_model.bin", Archive);
        Opened(folder).Should().Be("pytorch_model.bin");
        folder.Write("model.safetensors.index.json", """{"weight_map":{}}""");
        Opened(folder).Should().Be("model.safetensors.index.json");
        folder.Write("model.safetensors", SafeTensorsBytes.Rich);
        Opened(folder).Should().Be("model.safetensors");

        static string Opened(TemporaryFolder folder)
        {
            using var checkpoint = Checkpoint.Open(folder.Path);
            return Path.GetFileName(checkpoint.Path);
        }
    }

    [Fact]
    public void Every_format_gives_the_same_view()
    {
        using var folder = new TemporaryFolder();
        var bin = folder.Write("weights.pt", Archive);
        using var scope = NewDisposeScope();
        SafeTensors.Write(folder.At("w.safetensors"), [new("w", arange(1f, 5f))]);
        var index = folder.Write("any.index.json", """{"metadata":{"total_size":16},"weight_map":{"w":"w.safetensors"}}""");

        foreach (var path in new[] { bin, folder.At("w.safetensors"), index })
        {
            using var checkpoint = Checkpoint.Open(path);
            checkpoint.Path.Should().Be(path);
            var entry = checkpoint.Tensors["w"];
            (entry.Name, entry.DType, entry.ByteLength).Should().Be(("w", DType.F32, 16));
            entry.Shape.Should().Equal(4);
            entry.File.Should().Be(path == index ? folder.At("w.safetensors") : path);
            checkpoint.Read("w").data<float>().ToArray().Should().Equal(1, 2, 3, 4);
        }
    }

    [Fact]
    public void A_folder_without_weights_says_what_was_looked_for_and_what_is_there()
    {
        using var folder = new TemporaryFolder();
        Refusal(folder.Path)
            .Should()
            .Be(
                $"{folder.Path} has no weights: looked for model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json."
            );

        folder.Write("config.json", "{}");
        folder.Write("adapter.safetensors", SafeTensorsBytes.Rich);
        Refusal(folder.Path).Should().Contain("found adapter.safetensors").And.NotContain("config.json");
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_named()
    {
        using var folder = new TemporaryFolder();

        Refusal(folder.At("absent")).Should().Be($"{folder.At("absent")}: there is no such file.");
        Refusal(Path.Combine(folder.At("absent"), "model.safetensors")).Should().Contain("there is no such file");
        Refusal(folder.Write("model.safetensors", "")).Should().Contain("is empty (0 bytes)");
        var unnamed = () => Checkpoint.Open("");
        unnamed.Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("pytorch_model.bin")]
    [InlineData("model.safetensors.index.json")]
    public void A_git_lfs_pointer_is_called_one(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('0', 64)}\nsize 66448820\n");

        Refusal(folder.Path).Should().Contain(name).And.Contain("git-lfs pointer").And.Contain("git lfs pull");
    }

    [Theory]
    [InlineData("../model.safetensors", "../model.safetensors is not the plain name")]
    [InlineData("..", "is not the plain name")]
    [InlineData("/etc/passwd", "/etc/passwd is not the plain name")]
    [InlineData("a/b.safetensors", "a/b.safetensors is not the plain name")]
    [InlineData("a\\\\b.safetensors", "is not the plain name")]
    [InlineData("C:b.safetensors", "is not the plain name")]
    [InlineData("", "\"\" is not the plain name")]
    [InlineData("absent.safetensors", "absent.safetensors is missing; it should hold 1 tensor")]
    public void An_index_may_only_name_files_beside_it(string shard, string words)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors.index.json", $$$"""{"weight_map":{"w":"{{{shard}}}"}}""");

        Refusal(folder.Path).Should().Contain(words);
    }

    [Fact]
    public void Every_disagreement_of_index_and_files_is_named_at_once()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        SafeTensors.Write(folder.At("1.safetensors"), [new("a", ones(1)), new("stray", ones(1))]);
        SafeTensors.Write(folder.At("2.safetensors"), [new("a", ones(1))]);
        folder.Write(
            "model.safetensors.index.json",
            """{"weight_map":{"a":"1.safetensors","b":"1.safetensors","c":"2.safetensors","d":"3.safetensors"}}"""
        );

        Refusal(folder.Path)
            .Should()
            .Contain("5 faults")
            .And.Contain("\n  b is not in 1.safetensors")
            .And.Contain("\n  stray is in 1.safetensors, where the index does not have it")
            .And.Contain("\n  c is not in 2.safetensors")
            .And.Contain("\n  a is in 2.safetensors, where the index does not have it")
            .And.Contain("\n  3.safetensors is missing");
    }

    [Theory]
    [InlineData("[]", "has no weight_map")]
    [InlineData("{}", "has no weight_map")]
    [InlineData("""{"weight_map":[]}""", "has no weight_map")]
    [InlineData("""{"weight_map":{"w":1}}""", "the file of w is Number, expected a string")]
    [InlineData("""{"weight_map":{"w":"a","w":"b"}}""", "not the JSON of an index")]
    [InlineData("""{"weight_map":{"\ud800":"a"}}""", "not the JSON of an index")]
    [InlineData("{", "not the JSON of an index")]
    public void An_index_that_is_none_is_refused(string json, string words)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors.index.json", json);

        Refusal(folder.Path).Should().Contain("model.safetensors.index.json").And.Contain(words);
    }

    [Fact]
    public void A_damaged_shard_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("1.safetensors", SafeTensorsBytes.Rich[..^1]);
        folder.Write("model.safetensors.index.json", """{"weight_map":{"a":"1.safetensors"}}""");

        Refusal(folder.Path).Should().StartWith(folder.At("1.safetensors"));
    }

    [Fact]
    public void Pytorch_files_may_be_sharded_too()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pytorch_model-00001-of-00001.bin", Archive);
        folder.Write("pytorch_model.bin.index.json", """{"weight_map":{"w":"pytorch_model-00001-of-00001.bin"}}""");

        using var checkpoint = Checkpoint.Open(folder.Path);

        checkpoint.Tensors.Keys.Should().Equal("w");
    }

    private static string Refusal(string path)
    {
        var open = () => Checkpoint.Open(path);
        return open.Should().Throw<CheckpointException>().Which.Message;
    }
}
