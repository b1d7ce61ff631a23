using Microsoft.Playwright;

namespace XDistilTorch.Parity.Pages;

/// <summary>A page in a browser, with what went wrong in it.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];

    /// <param name="page">The page.</param>
    /// <param name="address">Where it is from: a file asks for nothing, a server's page for what is that server's.</param>
    public OpenedPage(IPage page, Uri address)
    {
        Page = page;
        page.Console += (_, message) => complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Add(error);
        page.Dialog += (_, dialog) => complaints.Add($"a dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest && (address.IsFile || !IsOwn(request.Url, address)))
                complaints.Add($"a request: {request.Url}");
        };
    }

    private static bool IsOwn(string url, Uri address) =>
        url.StartsWith("data:", StringComparison.Ordinal)
        || url.StartsWith(address.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal);

    public IPage Page { get; }

    public void ShouldBeQuiet() => complaints.Should().BeEmpty("a page neither complains nor asks for anything");

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
