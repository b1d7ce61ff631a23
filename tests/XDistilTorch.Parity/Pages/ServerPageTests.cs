using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using XDistilTorch.Data;
using XDistilTorch.Formats;
using static Microsoft.Playwright.Assertions;

namespace XDistilTorch.Parity.Pages;

/// <summary>The page of <c>xdistil serve</c> in a browser, as somebody uses it.</summary>
public sealed class ServerPageTests(Chromium chromium, RunningServer server)
    : IClassFixture<Chromium>,
        IClassFixture<RunningServer>,
        IDisposable
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";
    private const string Hostile = "<script>alert(1)</script><img src=x onerror='alert(2)'> 🕰 ";
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 60_000 };

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-page-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<OpenedPage> Opened(string tab, ColorScheme scheme = ColorScheme.Light, int width = 1200)
    {
        var opened = await chromium.Open(new Uri(server.Address, $"/#{tab}"), scheme, width);
        await Expect(opened.Page.Locator("html")).ToHaveAttributeAsync("data-ready", "true");
        return opened;
    }

    private static async Task Ask(IPage page, string text, string question)
    {
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync(text);
        await page.GetByLabel("Question", new() { Exact = true }).FillAsync(question);
        await page.Locator("#ask-button").ClickAsync();
    }

    private static async Task LookInside(IPage page)
    {
        await page.GetByRole(AriaRole.Tab, new() { Name = "Why" }).ClickAsync();
        await page.Locator("#method").SelectOptionAsync("occlusion");
        await page.Locator("#why-button").ClickAsync();
        await Expect(page.Locator("#attribution")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    /// <summary>Two questions of one text; the second one's text says nothing of a bridge.</summary>
    private string QuestionsFile(string before = "")
    {
        var path = Path.Combine(folder, "questions.jsonl");
        string[] asked = ["Who repaired the clock?", "How long is the bridge?"];
        File.WriteAllLines(
            path,
            asked.Select(
                (question, i) =>
                    JsonSerializer.Serialize(
                        new
                        {
                            id = $"q{i}",
                            question,
                            context = before + Clock,
                        }
                    )
            )
        );
        return path;
    }

    private static async Task ChooseFile(IPage page, string path)
    {
        await page.Locator("#file").SetInputFilesAsync(path);
        await Expect(page.Locator("#label-status")).ToHaveTextAsync("The model has read 2 of 2 questions", Patient);
    }

    private static async Task<string> Downloaded(IPage page, string button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        return await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
    }

    private List<QuestionRow> Read(string json, string name)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, json);
        return [.. QuestionFile.Load(path, DataUse.Train, out _)];
    }

    [Theory, InlineData(ColorScheme.Light, 1200), InlineData(ColorScheme.Dark, 360)]
    public async Task An_answer_is_marked_where_it_stands_and_explained(ColorScheme scheme, int width)
    {
        await using var opened = await Opened("ask", scheme, width);
        var page = opened.Page;

        await Ask(page, Hostile + Clock, "Who repaired the clock?");

        await Expect(page.Locator("#ask-status")).ToHaveTextAsync(new Regex(@"^Answer: Marit Osei \(\d+\.\d %\)$"), Patient);
        await Expect(page.Locator("#marked mark")).ToHaveTextAsync("Marit Osei");
        (await page.Locator("#marked").TextContentAsync()).Should().Be(Hostile + Clock);
        var second = page.Locator("#n-best button").Nth(1);
        await second.ClickAsync();
        await Expect(second).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator("#marked mark")).ToHaveTextAsync(await second.Locator("span").First.InnerTextAsync());

        await LookInside(page);
        (await page.Locator("#heat-context").TextContentAsync()).Should().Be(Hostile + Clock);
        await page.Locator("#heat-context .word").Filter(new() { HasText = "repaired" }).FocusAsync();
        await Expect(page.Locator("#word-value")).ToHaveTextAsync(new Regex(@"^repaired: -?[\d.e-]+ (for|against) the answer$"));
        await Expect(page.Locator("#layers > li")).ToHaveCountAsync(12);
        await Expect(page.Locator("#attention-shows")).ToContainTextAsync("Attention is not explanation");
        (await page.Locator("#layers .sep, #layers .cls").CountAsync()).Should().Be(0);
        await page.Locator("#without-sinks").UncheckAsync();
        (await page.Locator("#layers .sep, #layers .cls").CountAsync()).Should().BePositive();
        (await page.Locator("main img, main script").CountAsync()).Should().Be(0);
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task That_there_is_no_answer_is_told_and_explained_too()
    {
        await using var opened = await Opened("ask");
        var page = opened.Page;
        await page.GetByLabel("Example").SelectOptionAsync("A question that the text does not answer");
        await page.Locator("#ask-button").ClickAsync();

        await Expect(page.Locator("#ask-status")).ToHaveTextAsync(new Regex(@"^No answer in this text \(\d+\.\d %\)$"), Patient);
        await Expect(page.Locator("#marked mark")).ToHaveCountAsync(0);
        (await page.Locator("#n-best [aria-pressed=true]").CountAsync()).Should().Be(0);

        await LookInside(page);
        await Expect(page.Locator("#why-question")).ToHaveTextAsync("How much did the new bridge cost? – no answer");
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task A_server_with_keys_is_asked_with_the_key_that_its_user_gives()
    {
        const string Key = "0123456789abcdef-key";
        var keys = Path.Combine(folder, "keys.txt");
        await File.WriteAllTextAsync(keys, Key + "\n");
        await using var closed = await ServeProcess.Start(0, "--api-key-file", keys);
        await using var opened = await chromium.Open(closed.Http.BaseAddress!);
        var page = opened.Page;
        await Expect(page.Locator("#key-form")).ToBeVisibleAsync();

        await page.GetByLabel("Key:").FillAsync(Key);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#key-form")).ToBeHiddenAsync();
        await Ask(page, Clock, "Who repaired the clock?");

        await Expect(page.Locator("#marked mark")).ToHaveTextAsync("Marit Osei", Patient);
        await Expect(page.Locator("#ask-error")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_pasted_text_is_labelled_and_a_file_that_is_none_is_refused()
    {
        await using var opened = await Opened("label");
        var page = opened.Page;
        var broken = Path.Combine(folder, "broken.jsonl");
        await File.WriteAllTextAsync(broken, "{\"id\":\"a\",\"question\":\"Who?\",\"context\":\"x\"}\n{oops\n");
        await page.Locator("#file").SetInputFilesAsync(broken);
        await Expect(page.Locator("#label-error")).ToContainTextAsync("broken.jsonl, line 2: this is no JSON");

        await page.GetByText("Or paste a text").ClickAsync();
        await page.GetByLabel("Text to label").FillAsync(Hostile + Clock);
        await page.GetByLabel("Questions, one a line").FillAsync("Who repaired the clock?\n\nWhen?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add these questions" }).ClickAsync();

        await Expect(page.Locator("#label-status")).ToHaveTextAsync("The model has read 2 of 2 questions", Patient);
        await Expect(page.Locator("#label-count")).ToHaveTextAsync("0 of 2 questions labelled");
        (await page.Locator("#label-text").TextContentAsync()).Should().Be(Hostile + Clock);
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_servers_words()
    {
        await using var opened = await Opened("ask");
        var page = opened.Page;

        await Ask(page, Clock, " ");

        await Expect(page.Locator("#ask-error")).ToContainTextAsync("(422, unusable)");
        await Expect(page.Locator("#answers")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Two_questions_are_labelled_by_keyboard_alone_kept_and_saved()
    {
        await using var opened = await Opened("ask");
        var page = opened.Page;
        var keys = page.Keyboard;
        await page.Locator("#tab-ask").FocusAsync();
        await keys.PressAsync("ArrowLeft");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Label" })).ToBeFocusedAsync();
        await ChooseFile(page, QuestionsFile(Hostile));

        var text = page.Locator("#label-text");
        for (var i = 0; i < 2; i++)
        {
            await text.FocusAsync();
            if (await page.Locator("#label-question").InnerTextAsync() == "How long is the bridge?")
            {
                await keys.PressAsync("n");
                continue;
            }
            await Expect(page.Locator("#label-chosen")).ToHaveTextAsync("Chosen: Marit Osei");
            await keys.PressAsync("Shift+ArrowRight");
            await Expect(page.Locator("#label-chosen")).ToHaveTextAsync("Chosen: Marit Osei repaired");
            await keys.PressAsync("Shift+ArrowLeft");
            await keys.PressAsync("Shift+ArrowLeft");
            await keys.PressAsync("ArrowRight");
            await Expect(page.Locator("#label-chosen")).ToHaveTextAsync("Chosen: Osei");
            await keys.PressAsync("Enter");
        }
        await Expect(page.Locator("#label-question")).ToHaveTextAsync("All questions are labelled");
        await page.ReloadAsync();
        await Expect(page.Locator("#label-count")).ToHaveTextAsync("2 of 2 questions labelled");

        foreach (var (button, name) in new[] { ("Download SQuAD JSON", "labels.json"), ("Download JSONL", "labels.jsonl") })
        {
            var rows = Read(await Downloaded(page, button), name);
            rows.Select(row => row.Id).Should().Equal("q0", "q1");
            rows[0].Answers.Should().ContainSingle().Which.Text.Should().Be("Osei");
            rows[1].Answers.Should().BeEmpty();
            rows[0].Context.Should().Be(Hostile + Clock);
        }
        opened.ShouldBeQuiet();
    }

    private static async Task<double> Certainty(IPage page)
    {
        var told = await page.Locator("#label-guess").InnerTextAsync();
        return double.Parse(Regex.Match(told, @"([\d.]+) %\)$").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task An_answer_is_chosen_with_the_mouse_and_skipped_questions_come_back()
    {
        await using var opened = await Opened("label");
        var page = opened.Page;
        await ChooseFile(page, QuestionsFile());
        var first = await page.Locator("#label-question").InnerTextAsync();
        var certainty = await Certainty(page);
        await page.Locator("#skip").ClickAsync();
        await Expect(page.Locator("#label-question")).Not.ToHaveTextAsync(first);
        certainty.Should().BeLessThanOrEqualTo(await Certainty(page), "the least certain comes first");
        await page.Locator("#skip").ClickAsync();
        await Expect(page.Locator("#label-question")).ToHaveTextAsync(first);

        await page.Locator("#label-text")
            .EvaluateAsync(
                """
                text => {
                  const spring = [...text.childNodes].find(node => node.textContent.includes('spring'));
                  const at = spring.textContent.indexOf('spring');
                  getSelection().setBaseAndExtent(spring, at, spring, at + 'spring'.length);
                  text.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
                }
                """
            );
        await Expect(page.Locator("#label-text mark")).ToHaveTextAsync("spring");
        await page.Locator("#accept").ClickAsync();

        await Expect(page.Locator("#label-count")).ToHaveTextAsync("1 of 2 questions labelled");
        Read(await Downloaded(page, "Download JSONL"), "labels.jsonl").Single().Answers!.Single().Text.Should().Be("spring");
        opened.ShouldBeQuiet();
    }

    [Fact]
    public async Task Data_label_keeps_labels_in_a_file_and_goes_on_after_a_kill()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals of this test are those of Linux");
        var (questions, labels) = (QuestionsFile(Hostile), Path.Combine(folder, "questions.labeled.jsonl"));
        await using (var first = await ServeProcess.Label(questions))
        {
            await using var opened = await LabelPage(first);
            await Expect(opened.Page.Locator("#label-status")).ToHaveTextAsync("The model has read 2 of 2 questions", Patient);
            await opened.Page.Locator("#label-text").FocusAsync();
            await opened.Page.Keyboard.PressAsync("ArrowLeft");
            await opened.Page.Keyboard.PressAsync("Enter");
            await Expect(opened.Page.Locator("#label-count")).ToHaveTextAsync("1 of 2 questions labelled");
            opened.ShouldBeQuiet();
            await first.Signal("KILL");
            await first.ExitCode();
        }
        QuestionFile.Load(labels, DataUse.Train, out _).Should().ContainSingle();
        await File.AppendAllTextAsync(labels, "{\"id\":\"q1\",\"con"); // as if it had been killed while it wrote

        await using var again = await ServeProcess.Label(questions);
        await using (var opened = await LabelPage(again))
        {
            await Expect(opened.Page.Locator("#label-count")).ToHaveTextAsync("1 of 2 questions labelled");
            await opened.Page.Locator("#no-answer").ClickAsync();
            await Expect(opened.Page.Locator("#label-question")).ToHaveTextAsync("All questions are labelled");
            opened.ShouldBeQuiet();
        }
        await again.Signal("INT");
        (await again.ExitCode()).Should().Be(0, again.Log);

        var rows = QuestionFile.Load(labels, DataUse.Train, out _);
        rows.Select(row => row.Id).Should().BeEquivalentTo("q0", "q1");
        rows.Select(row => row.Answers!.Count).Should().Equal(1, 0);
    }

    private async Task<OpenedPage> LabelPage(ServeProcess labelling)
    {
        labelling
            .Log.Should()
            .Contain($"label in a browser: {labelling.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}/?questions=server#label");
        return await chromium.Open(new Uri(labelling.Http.BaseAddress, "/?questions=server#label"));
    }

    [Theory, InlineData(ColorScheme.Light, 1200), InlineData(ColorScheme.Dark, 1200), InlineData(ColorScheme.Light, 360)]
    public async Task Every_tab_is_accessible(ColorScheme scheme, int width)
    {
        await using var opened = await Opened("ask", scheme, width);
        var page = opened.Page;
        await Ask(page, Clock, "Who repaired the clock?");
        await Expect(page.Locator("#answers")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ShouldBeAccessible(page, $"ask-{scheme}-{width}");

        await LookInside(page);
        await ShouldBeAccessible(page, $"why-{scheme}-{width}");

        await page.GetByRole(AriaRole.Tab, new() { Name = "Label" }).ClickAsync();
        await ChooseFile(page, QuestionsFile());
        await page.GetByText("Keyboard", new() { Exact = true }).ClickAsync();
        await ShouldBeAccessible(page, $"label-{scheme}-{width}");
        opened.ShouldBeQuiet();
    }

    // With XDISTIL_SCREENSHOTS a folder, what is checked can be looked at too.
    private static async Task ShouldBeAccessible(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("XDISTIL_SCREENSHOTS") is { Length: > 0 } pictures)
            await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"page-{name}.png"), FullPage = true });
        var (shown, given) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), page.ViewportSize!.Width);
        shown.Should().BeLessThanOrEqualTo(given, "nobody need scroll sideways");
        var found = await page.RunAxe();
        found.Passes.Should().NotBeEmpty("rules were applied");
        found.Violations.Select(one => $"{one.Id}: {string.Join(" | ", one.Nodes.Select(node => node.Html))}").Should().BeEmpty();
    }
}
