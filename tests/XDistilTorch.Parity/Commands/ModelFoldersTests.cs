using XDistilTorch.Cli;

namespace XDistilTorch.Parity.Commands;

/// <summary>Which model folder is used, and what is said when none or several could be.</summary>
public sealed class ModelFoldersTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("xdistil-folders-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Make(string relative, bool config = true)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, relative)).FullName;
        if (config)
            File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        return folder;
    }

    [Fact]
    public void The_named_folder_wins_then_the_variable_then_weights_here_or_above()
    {
        var (named, variable, bundled) = (Make("named"), Make("variable"), Make("weights/one"));
        Make("weights/no-model", config: false);
        var here = Make("deep/down", config: false);

        ModelFolders.Resolve(named, variable, here).Should().Be(named);
        ModelFolders.Resolve(null, variable, here).Should().Be(variable);
        ModelFolders.Resolve(null, null, here).Should().Be(bundled);
        ModelFolders.Resolve("", "", root).Should().Be(bundled);
    }

    [Fact]
    public void What_came_with_the_tool_is_taken_where_nothing_else_is()
    {
        var (mine, bundled) = (Make("here/weights/mine"), Make("tool/weights/bundled"));
        var elsewhere = Make("elsewhere", config: false);
        var tool = Path.Combine(root, "tool");

        ModelFolders.Resolve(null, null, elsewhere, tool).Should().Be(bundled);
        ModelFolders.Resolve(null, null, Path.Combine(root, "here"), tool).Should().Be(mine);
        ModelFolders.Resolve(null, mine, elsewhere, tool).Should().Be(mine);
    }

    [Fact]
    public void Several_are_listed()
    {
        Make("weights/one");
        Make("weights/two");

        FluentActions
            .Invoking(() => ModelFolders.Resolve(null, null, root))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("*2 models*--model*XDISTIL_MODEL*one*two*");
    }

    [Fact]
    public void None_names_all_three_ways() =>
        FluentActions
            .Invoking(() => ModelFolders.Resolve(null, null, root))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("*--model*XDISTIL_MODEL*weights/*");

    [Fact]
    public void A_folder_that_is_not_there_is_named_with_where_it_came_from()
    {
        var file = Path.Combine(root, "file");
        File.WriteAllText(file, "");

        FluentActions
            .Invoking(() => ModelFolders.Resolve(root + "/x", null, root))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("--model: there is no folder*/x*");
        FluentActions
            .Invoking(() => ModelFolders.Resolve(null, file, root))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("XDISTIL_MODEL: *is a file*");
    }
}
