namespace XDistilTorch.Server.Tests;

/// <summary>Which names models may have.</summary>
public class ServedModelTests
{
    [Theory]
    [InlineData("models/general", "general")]
    [InlineData("models/general/", "general")]
    public void A_folder_is_served_under_its_own_name(string folder, string name) => ServedModel.FromFolder(folder).Name.Should().Be(name);

    [Theory]
    [InlineData("..")]
    [InlineData("a/b/c")]
    [InlineData("a b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void Names_that_no_client_could_ask_for_are_refused(string name) =>
        FluentActions
            .Invoking(() => ServedModel.Check([new ServedModel(name, "folder")]))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("folder: *");

    [Fact]
    public void Two_models_of_one_name_are_refused() =>
        FluentActions
            .Invoking(() => ServedModel.Check([new ServedModel("a", "one"), new ServedModel("a", "two")]))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("two models are to be served as \"a\": one and two*");
}
