namespace XDistilTorch.Server.Tests;

/// <summary>The file of keys.</summary>
public sealed class ApiKeysTests : IDisposable
{
    private const string Key = "0123456789abcdef0123";

    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    private ApiKeys Read(string text)
    {
        File.WriteAllText(file, text);
        return ApiKeys.ReadFile(file);
    }

    [Fact]
    public void Keys_stand_one_a_line_beside_blank_lines_and_remarks()
    {
        var keys = Read($"# for the page\n{Key}\n\n  {Key}-2 \r\n");

        keys.Count.Should().Be(2);
        keys.Holds(Key).Should().BeTrue();
        keys.Holds($"{Key}-2").Should().BeTrue();
        keys.Holds($"{Key}-3").Should().BeFalse();
        keys.Holds("").Should().BeFalse();
        keys.Holds(Key[..^1]).Should().BeFalse();
    }

    [Theory]
    [InlineData("", "*holds no key*")]
    [InlineData("# nothing\n", "*holds no key*")]
    [InlineData("\nshort\n", "*line 2: is no key, expected 16*")]
    [InlineData("schlüssel-schlüssel\n", "*line 1: is no key*")]
    public void Files_that_would_let_nobody_or_anybody_in_are_refused(string text, string message) =>
        FluentActions.Invoking(() => Read(text)).Should().Throw<XDistilException>().WithMessage(message);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        FluentActions.Invoking(() => ApiKeys.ReadFile("nowhere.txt")).Should().Throw<XDistilException>().WithMessage("nowhere.txt: *");
}
