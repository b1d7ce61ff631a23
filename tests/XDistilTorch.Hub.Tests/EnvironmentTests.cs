namespace XDistilTorch.Hub.Tests;

/// <summary>The variables of Python's huggingface_hub.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-home-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static HubOptions Read(params (string Name, string Value)[] variables) =>
        HubEnvironment.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    private static string User => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [Fact]
    public void Without_any_the_cache_is_in_the_user_s_folder()
    {
        var options = Read();

        options.CacheFolder.Should().Be(Path.Combine(User, ".cache", "huggingface", "hub"));
        options.Endpoint.Should().Be(new Uri("https://huggingface.co"));
        options.Offline.Should().BeFalse();
    }

    [Fact]
    public void The_nearer_variable_wins()
    {
        Read(("XDG_CACHE_HOME", "/x")).CacheFolder.Should().Be("/x/huggingface/hub");
        Read(("XDG_CACHE_HOME", "/x"), ("HF_HOME", "/h")).CacheFolder.Should().Be("/h/hub");
        Read(("HF_HOME", "/h"), ("HF_HUB_CACHE", "/c")).CacheFolder.Should().Be("/c");
        Read(("HF_HOME", "~/h")).CacheFolder.Should().Be(Path.Combine(User, "h", "hub"));
        Read(("HF_HOME", "")).CacheFolder.Should().Be(Read().CacheFolder);
    }

    [Fact]
    public void The_token_is_the_variable_s_or_the_file_s()
    {
        File.WriteAllText(Path.Combine(folder, "token"), " hf_file\n");
        File.WriteAllText(Path.Combine(folder, "other"), "hf_other");

        Read(("HF_HOME", folder)).Token.Should().Be("hf_file");
        Read(("HF_HOME", folder), ("HF_TOKEN", "hf_variable\n")).Token.Should().Be("hf_variable");
        Read(("HF_HOME", folder), ("HF_TOKEN_PATH", Path.Combine(folder, "other"))).Token.Should().Be("hf_other");
        Read(("HF_HOME", Path.Combine(folder, "none"))).Token.Should().BeNull();
    }

    [Theory, InlineData("hf_a b"), InlineData("hf_a\r\nHost: elsewhere"), InlineData("hf_é")]
    public void A_token_that_is_none_is_refused_and_not_shown(string token) =>
        FluentActions
            .Invoking(() => Read(("HF_TOKEN", token)))
            .Should()
            .Throw<HubException>()
            .WithMessage("HF_TOKEN: holds no token*")
            .Which.Message.Should()
            .NotContain(token);

    [Theory, InlineData("1", true), InlineData("true", true), InlineData("Yes", true), InlineData("0", false), InlineData("off", false)]
    public void Offline_is_said_as_in_Python(string value, bool offline) => Read(("HF_HUB_OFFLINE", value)).Offline.Should().Be(offline);

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    [InlineData("https://user:word@huggingface.co")]
    [InlineData("https://huggingface.co/?x")]
    public void An_endpoint_that_is_none_is_refused(string endpoint) =>
        FluentActions.Invoking(() => Read(("HF_ENDPOINT", endpoint))).Should().Throw<HubException>().WithMessage("HF_ENDPOINT is \"*");
}
