namespace XDistilTorch.Parity.Pages;

/// <summary>One <c>xdistil serve</c> for a class of tests.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private ServeProcess? process;

    public Uri Address => process!.Http.BaseAddress!;

    public async ValueTask InitializeAsync() => process = await ServeProcess.Start();

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? default;
}
