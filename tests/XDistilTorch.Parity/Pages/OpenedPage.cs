using Microsoft.Playwright;

namespace XDistilTorch.Parity.Pages;

/// <summary>A page in a browser, with what went wrong in it.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];

    public OpenedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Add(error);
        page.Dialog += (_, dialog) => complaints.Add($"a dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest)
                complaints.Add($"a request: {request.Url}");
        };
    }

    public IPage Page { get; }

    public void ShouldBeQuiet() => complaints.Should().BeEmpty("a page neither complains nor asks for anything");

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
