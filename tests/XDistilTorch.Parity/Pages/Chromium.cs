using Microsoft.Playwright;

namespace XDistilTorch.Parity.Pages;

/// <summary>The system's Chromium, which Playwright drives; nothing is downloaded. Where it is missing the tests say so and are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Program = new[]
    {
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    }.FirstOrDefault(File.Exists);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox"] });
    }

    /// <summary>Opens a file and notes every word of complaint and every request for something else.</summary>
    public Task<OpenedPage> Open(string path, ColorScheme scheme = ColorScheme.Light, int width = 1400, int height = 950) =>
        Open(new Uri(path), scheme, width, height);

    /// <summary>Opens an address; what its page asks of the same server is no complaint.</summary>
    public async Task<OpenedPage> Open(Uri address, ColorScheme scheme = ColorScheme.Light, int width = 1400, int height = 950)
    {
        Assert.SkipWhen(browser is null, "needs Chromium: apt-get install chromium");
        var context = await browser!.NewContextAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = height },
            }
        );
        var opened = new OpenedPage(await context.NewPageAsync(), address);
        await opened.Page.GotoAsync(address.AbsoluteUri);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
