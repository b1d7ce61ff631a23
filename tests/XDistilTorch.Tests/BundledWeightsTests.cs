namespace XDistilTorch.Tests;

/// <summary>Which model <c>QuestionAnswerer.Default()</c> takes, and what is said where there is none.</summary>
public sealed class BundledWeightsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("xdistil-bundled-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Make(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "weights", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        return folder;
    }

    [Fact]
    public void The_only_folder_with_a_config_is_taken()
    {
        var model = Make("one");
        Directory.CreateDirectory(Path.Combine(root, "weights", "no-model"));

        BundledWeights.Only(root).Should().Be(model);
    }

    [Fact]
    public void Where_there_is_none_the_package_is_named()
    {
        FluentActions
            .Invoking(() => QuestionAnswerer.Default())
            .Should()
            .Throw<XDistilException>()
            .WithMessage("*weights*package XDistilTorch.Weights*");
        BundledWeights.Under(root).Should().BeEmpty();
    }

    [Fact]
    public void Several_are_listed()
    {
        Make("one");
        Make("two");

        FluentActions
            .Invoking(() => BundledWeights.Only(root))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("*holds 2 models*FromPretrained*one*two*");
        BundledWeights.Under(root).Should().HaveCount(2);
    }
}
