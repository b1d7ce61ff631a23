using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace XDistilTorch.Parity.Commands;

/// <summary>What <c>xdistil serve</c> refuses before it serves.</summary>
public class ServeCommandTests
{
    [Theory]
    [InlineData(2, "*--bind 0.0.0.0 lets other machines in*--api-key-file*--no-key*", "--bind", "0.0.0.0")]
    [InlineData(2, "*--bind :: lets other machines in*", "--bind", "::")]
    [InlineData(2, "*--bind is here, expected an IP address*", "--bind", "here")]
    [InlineData(2, "*--port is 70000*", "--port", "70000")]
    [InlineData(2, "*--queue is 0, expected 1 or more*", "--queue", "0")]
    [InlineData(2, "*--timeout is 0, expected more than 0*", "--timeout", "0")]
    [InlineData(1, "*nowhere.txt: the keys cannot be read*", "--api-key-file", "nowhere.txt")]
    [InlineData(2, "*--api-key-file is empty*", "--api-key-file", "")]
    public async Task Wrong_usage_gets_one_clear_error(int exitCode, string message, params string[] arguments) =>
        (await CommandRun.Of(CommandRun.WithModel(["serve", .. arguments]))).ShouldFail(exitCode, message);

    [Fact]
    public async Task A_model_folder_that_is_not_there_is_named() =>
        (await CommandRun.Of("serve", "--model", "nowhere")).ShouldFail(1, "*no folder nowhere*");

    [Fact]
    public async Task Two_models_of_one_name_are_refused() =>
        (await CommandRun.Of(CommandRun.WithModel("serve", "--port", "0", "--model", BundledModel.Folder))).ShouldFail(1, "*two models*");

    [Fact]
    public async Task A_port_that_is_taken_is_an_error()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        (await CommandRun.Of(CommandRun.WithModel("serve", "--port", port))).ShouldFail(1, $"*cannot listen*{port}*--port*");
    }
}
