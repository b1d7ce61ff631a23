namespace XDistilTorch.Hub.Tests;

public class NameTests
{
    [Theory]
    [InlineData("nbroad/xdistil-l12-h384-squad2", "nbroad/xdistil-l12-h384-squad2", "main")]
    [InlineData("a/b@v1.0", "a/b", "v1.0")]
    [InlineData("a_1/b.c@refs/pr/12", "a_1/b.c", "refs/pr/12")]
    public void Names_and_revisions_are_read(string text, string name, string revision)
    {
        HubModel.TryParse(text, out var model).Should().BeTrue();

        model.Should().Be(new HubModel(name, revision));
        model!.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("folder")]
    [InlineData("/a/b")]
    [InlineData("./a")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("a/b/c")]
    [InlineData("a/")]
    [InlineData("a/b..c")]
    [InlineData("a/b--c")]
    [InlineData("a/-b")]
    [InlineData("a/b.git")]
    [InlineData("a/b c")]
    [InlineData("a/b\n")]
    [InlineData("a/é")]
    [InlineData("a\\b/c")]
    [InlineData("a/b@")]
    [InlineData("a/b@../x")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x//y")]
    [InlineData("a/b@x\\y")]
    public void What_can_be_no_model_of_the_hub_is_none(string text) => HubModel.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Faults_of_names_and_revisions_are_told()
    {
        FluentActions
            .Invoking(() => new HubModel("a b"))
            .Should()
            .Throw<HubException>()
            .WithMessage("\"a b\" is no name of a model*ORG/NAME*");
        FluentActions.Invoking(() => new HubModel("a/b", "..")).Should().Throw<HubException>().WithMessage("\"..\" is no revision*");
        new HubModel("bert-base-uncased").Name.Should().Be("bert-base-uncased");
    }
}
