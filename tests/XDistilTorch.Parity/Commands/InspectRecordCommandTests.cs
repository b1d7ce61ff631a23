using System.IO.Compression;
using XDistilTorch.Checkpoints;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect record</c> as a user meets it.</summary>
public sealed class InspectRecordCommandTests : IDisposable
{
    private const string Mill = "The mill by the weir stood still until Tove Lindqvist mended its wheel. The mill belongs to nobody.";

    private readonly string files = Directory.CreateTempSubdirectory("xdistil-record-").FullName;

    public void Dispose() => Directory.Delete(files, recursive: true);

    private string At(string name) => Path.Combine(files, name);

    private Task<CommandRun> Record(string file, params string[] more) =>
        CommandRun.Of(
            CommandRun.WithModel([
                "inspect",
                "record",
                "--question",
                "Who mended the wheel?",
                "--context",
                Mill,
                "--max-length",
                "24",
                "--stride",
                "4",
                "--output",
                At(file),
                .. more,
            ])
        );

    [Fact]
    public async Task All_windows_go_into_one_file_of_either_kind_under_the_same_names()
    {
        string[] points = ["--points", "Embeddings,layer.0.AttentionProbabilities"];
        var run = await Record("r.safetensors", points);
        (await Record("r.npz", points)).ExitCode.Should().Be(0);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().Match("xdistil: *r.safetensors: 2 windows, 2 points each; * kB.\n");
        using var file = SafeTensors.Open(At("r.safetensors"));
        file.Tensors.Keys.Should()
            .Equal(
                "window.0/Embeddings",
                "window.0/layer.0.AttentionProbabilities",
                "window.1/Embeddings",
                "window.1/layer.0.AttentionProbabilities"
            );
        file.Metadata.Keys.Should().BeEquivalentTo("format", "window.0/tokens", "window.1/tokens");
        using var archive = ZipFile.OpenRead(At("r.npz"));
        archive
            .Entries.Select(entry => entry.FullName)
            .Where(name => name.EndsWith(".npy", StringComparison.Ordinal))
            .Should()
            .Equal(file.Tensors.Keys.Select(name => name + ".npy"));
    }

    [Fact]
    public async Task Gradients_are_those_of_one_window()
    {
        var run = await Record("r.safetensors", "--points", "layer.11.LayerOutput", "--gradients");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("1 window, 1 point each, with gradients of span ");
        using var file = SafeTensors.Open(At("r.safetensors"));
        file.Tensors.Keys.Should().Equal("window.0/layer.11.LayerOutput", "window.0/gradient/layer.11.LayerOutput");
    }

    [Theory]
    [InlineData(2, "*--output is *r.txt, expected a name that ends in .npz or .safetensors*", "r.txt", "--points", "Logits")]
    [InlineData(2, "*--target needs --gradients*", "r.npz", "--points", "Logits", "--target", "null")]
    [InlineData(1, "*no point is called \"layer.12.Query\" in a model of 12 layers*", "r.npz", "--points", "layer.12.Query")]
    [InlineData(1, "*there is no window 9; the text has 2*", "r.safetensors", "--points", "Logits", "--window", "9")]
    [InlineData(1, "*no/r.safetensors: cannot be written*", "no/r.safetensors", "--points", "Logits")]
    public async Task Wrong_usage_and_bad_input_get_one_clear_error_and_leave_nothing(
        int exitCode,
        string message,
        string file,
        params string[] arguments
    )
    {
        (await Record(file, arguments)).ShouldFail(exitCode, message);
        Directory.GetFiles(files).Should().BeEmpty();
    }
}
