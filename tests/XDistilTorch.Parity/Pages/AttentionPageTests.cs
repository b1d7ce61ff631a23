using System.Text.RegularExpressions;
using Microsoft.Playwright;
using XDistilTorch.Parity.Commands;
using static Microsoft.Playwright.Assertions;

namespace XDistilTorch.Parity.Pages;

/// <summary>The page of <c>xdistil inspect attention --html</c> in a browser, as somebody uses it.</summary>
public sealed partial class AttentionPageTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";
    private const string Hostile = "<script>alert(1)</script><img src=x onerror='alert(2)'></script> ";

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-page-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<string> Written(string text, string question = "Who repaired the clock?", params string[] more)
    {
        var path = Path.Combine(folder, "attention.html");
        string[] arguments = ["inspect", "attention", "--question", question, "--context", text, "--html", path, .. more];
        var run = await CommandRun.Of(CommandRun.WithModel(arguments));
        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("attention.html: ");
        return path;
    }

    private async Task<OpenedPage> Opened(string path, ColorScheme scheme = ColorScheme.Light, int width = 1400)
    {
        var opened = await chromium.Open(path, scheme, width);
        await Expect(opened.Page.Locator("html")).ToHaveAttributeAsync("data-ready", "true", new() { Timeout = 60_000 });
        return opened;
    }

    private static ILocator Token(IPage page, string text) => page.Locator(".tokens .token").Filter(new() { HasText = text }).First;

    private static ILocator Head(IPage page, int layer, int head) =>
        page.GetByRole(AriaRole.Button, new() { Name = $"layer {layer}, head {head}", Exact = true });

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task A_head_opens_by_a_click_and_a_token_shows_where_it_looks(ColorScheme scheme)
    {
        await using var opened = await Opened(await Written(Clock), scheme);
        var page = opened.Page;

        await Head(page, 3, 5).ClickAsync();
        await Expect(page.Locator("#head-title")).ToHaveTextAsync("Layer 3, head 5");
        await Expect(Head(page, 3, 5)).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator(".rankings .active")).ToContainTextAsync("Mari");

        await Token(page, "repaired").HoverAsync();
        await Expect(page.Locator(".rankings .active")).ToHaveTextAsync(NamedToken("repaired"));
        (await page.Locator(".lines path").CountAsync()).Should().BePositive();
        (await page.Locator(".rankings li").AllInnerTextsAsync()).Should().HaveCountGreaterThan(6).And.Contain(text => text.Contains('≈'));
        (await page.Locator(".tokens .token.answer").AllInnerTextsAsync()).Should().NotBeEmpty();
        (await page.Locator(".tokens .token.question").CountAsync()).Should().BeGreaterThan(3);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-overview", "0 map", new() { Timeout = 60_000 });
        (await Lightness(page.Locator("body"))).Should().Match(light => scheme == ColorScheme.Light ? light > 200 : light < 60);
        opened.ShouldBeQuiet();
    }

    private static async Task<int> Lightness(ILocator body)
    {
        var colour = await body.EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor");
        return Number().Matches(colour).Take(3).Sum(match => int.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)) / 3;
    }

    [Fact]
    public async Task Shares_in_the_list_are_those_of_the_json()
    {
        var path = await Written(Clock);
        var json = await CommandRun.Of(
            CommandRun.WithModel(
                "inspect",
                "attention",
                "--question",
                "Who repaired the clock?",
                "--context",
                Clock,
                "--target",
                "spring",
                "--json"
            )
        );
        var record = System.Text.Json.JsonDocument.Parse(json.Output).RootElement;
        var exact = record
            .GetProperty("layers")[2]
            .GetProperty("heads")[7]
            .GetProperty("looks_at")
            .EnumerateArray()
            .Select(p => p.GetDouble())
            .ToArray();
        await using var opened = await Opened(path);
        var page = opened.Page;

        await Head(page, 2, 7).ClickAsync();
        await Token(page, "spring").HoverAsync();
        await Expect(page.Locator(".rankings .active")).ToHaveTextAsync(NamedToken("spring"));

        var shares = await page.Locator(".rankings section:first-of-type .share").AllInnerTextsAsync();
        shares
            .Take(3)
            .Select(double.Parse)
            .Should()
            .Equal(exact.OrderDescending().Take(3), (shown, value) => Math.Abs(shown - value) <= 0.0051 * value);
        shares.Skip(3).Should().OnlyContain(share => share.StartsWith('≈'));
    }

    [Fact]
    public async Task Everything_can_be_done_from_the_keyboard()
    {
        await using var opened = await Opened(await Written(Clock));
        var page = opened.Page;
        var keys = page.Keyboard;

        await Head(page, 0, 0).ClickAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("ArrowRight");
        await Expect(Head(page, 1, 1)).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Locator("#head-title")).ToHaveTextAsync("Layer 1, head 1");

        await page.Locator("#clear").FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".tokens [aria-selected=true]")).ToHaveCountAsync(0);
        await keys.PressAsync("Tab"); // to the tokens, at the answer's first one
        await keys.PressAsync("Home");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("Space");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".tokens [aria-selected=true]")).ToHaveTextAsync(["Who", "the"]);
        await keys.PressAsync("ArrowDown");
        (await page.EvaluateAsync<string>("document.activeElement.className")).Should().Contain("token");
        await keys.PressAsync("Escape");
        await Expect(page.Locator(".tokens [aria-selected=true]")).ToHaveCountAsync(0);

        await page.Locator("input[value=lines]").FocusAsync();
        await keys.PressAsync("ArrowRight");
        await Expect(page.Locator(".matrix-view canvas")).ToBeVisibleAsync();
        await page.Locator(".matrix-view canvas").FocusAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Home");
        await keys.PressAsync("ArrowUp");
        await Expect(page.Locator(".matrix-view .readout")).ToHaveTextAsync(PairWithCls());
        await keys.PressAsync("Space");
        await Expect(page.Locator(".rankings .active")).Not.ToHaveTextAsync("No token is selected.");
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task Several_tokens_are_shown_together_and_sinks_can_be_left_out()
    {
        await using var opened = await Opened(await Written(Clock));
        var page = opened.Page;
        await Head(page, 2, 11).ClickAsync(); // one that looks at the sinks, and not only there
        await page.Locator("#clear").ClickAsync();

        await Token(page, "square").ClickAsync();
        await Token(page, "silent").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await page.Locator("h1").HoverAsync();

        await Expect(page.Locator(".tokens [aria-selected=true]")).ToHaveTextAsync(["square", "had", "been", "silent"]);
        await Expect(page.Locator(".rankings .active")).ToHaveTextAsync(SquareToSilent());
        (await page.Locator(".rankings .name").AllInnerTextsAsync()).Should().Contain(name => name.Contains("[CLS]"));
        await page.Locator("#with-sinks").UncheckAsync();
        (await page.Locator(".rankings .name").AllInnerTextsAsync())
            .Should()
            .NotBeEmpty()
            .And.NotContain(name => name.Contains("[CLS]") || name.Contains("[SEP]"));
        await page.Locator("#measure").SelectOptionAsync("sinks");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-overview", "0 sinks");
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task Windows_of_a_long_text_are_chosen_in_the_page()
    {
        var text = string.Concat(Enumerable.Range(0, 12).Select(i => $"Keeper {i} of the lamp noted a quiet night. ")) + Clock;
        await using var opened = await Opened(await Written(text, more: ["--max-length", "64", "--stride", "16"]));
        var page = opened.Page;
        await Head(page, 4, 6).ClickAsync();
        (await page.Locator(".tokens .token.answer").CountAsync()).Should().BePositive("the page begins with the answer's window");

        await page.Locator("#window").SelectOptionAsync("0");

        await Expect(page.Locator(".tokens")).ToContainTextAsync("Keeper 0 of the lamp");
        await Expect(page.Locator("#head-title")).ToHaveTextAsync("Layer 4, head 6");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-overview", "0 map", new() { Timeout = 60_000 });
        await Expect(page.Locator(".tokens .token.answer")).ToHaveCountAsync(0);
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task Markup_in_question_and_text_is_shown_and_never_run()
    {
        await using var opened = await Opened(
            await Written(Hostile + Clock, Hostile + "Who repaired the clock?", "--layers", "0,11", "--heads", "3-5"),
            width: 390
        );
        var page = opened.Page;

        await Expect(page.Locator("header .question")).ToHaveTextAsync(Hostile + "Who repaired the clock?");
        await Expect(page.Locator(".tokens")).ToContainTextAsync("<script>alert(1)</script><img src=x onerror='alert(2)'></script>");
        (await page.Locator("img, .tokens script").CountAsync()).Should().Be(0);
        (await page.Locator(".head").CountAsync()).Should().Be(6);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
            .Should()
            .BeLessThanOrEqualTo(390, "a phone need not scroll sideways");
        opened.ShouldBeQuiet();
    }

    /// <summary>The goal is a second on an idle machine; the figure is reported, and only far too much fails here.</summary>
    [Fact]
    public async Task A_whole_window_is_usable_soon()
    {
        var text =
            string.Concat(Enumerable.Range(0, 40).Select(i => $"Keeper {i} of the lamp on the {i + 2}th rock noted a quiet night. "))
            + Clock;
        var path = await Written(text, more: ["--max-length", "384", "--window", "1"]);
        new FileInfo(path).Length.Should().BeLessThan(12_000_000);

        await using var opened = await Opened(path);
        await Expect(opened.Page.Locator("html")).ToHaveAttributeAsync("data-overview", "0 map", new() { Timeout = 60_000 });

        var times = await opened.Page.EvaluateAsync<double[]>(
            "['attention-interactive', 'attention-overview'].map(name => performance.getEntriesByName(name)[0].startTime)"
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant(
                $"{new FileInfo(path).Length / 1e6:0.0} MB: usable after {times[0]:0} ms, all small maps drawn after {times[1]:0} ms"
            )
        );
        times[0].Should().BeLessThan(20_000);
        opened.ShouldBeQuiet();
    }

    private static Regex NamedToken(string text) => new($@"^{text} \(\d+\)$");

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^.+ \(\d+\) looks at \[CLS\] \(0\): [≈<]?[\d.e-]+$")]
    private static partial Regex PairWithCls();

    [GeneratedRegex(@"^square \(\d+\), had \(\d+\), been \(\d+\), silent \(\d+\)$")]
    private static partial Regex SquareToSilent();
}
