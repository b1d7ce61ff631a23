#:property PublishAot=false

// dotnet build -c Release src/XDistilTorch.Cli && dotnet run docs/pictures/make.cs
//
// Makes every picture of the documents again, from what the tool writes over the data of this repository: drawings are the plots of its pages, the screenshot
// (which needs Chromium) is of the page of words. XDISTIL names another tool than the one that was built here.

using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

const string Cableway = "samples/custom-qa/questions.json";
const string Lighthouse = "samples/texts/lighthouse.txt";
const string Question = "Who designed the tower?";
const string Chromium = "/usr/bin/chromium";

var here = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var repository = Path.GetFullPath(Path.Combine(here, "..", ".."));
var tool =
    Environment.GetEnvironmentVariable("XDISTIL")
    ?? Path.Combine(repository, "src", "XDistilTorch.Cli", "bin", "Release", "net10.0", "xdistil");
var pages = Directory.CreateTempSubdirectory("xdistil-pictures-").FullName;
try
{
    Draw();
    Photograph();
}
finally
{
    Directory.Delete(pages, recursive: true);
}

void Draw()
{
    var calibrated = Page("calibrated", "--report", "evaluate", "--data", Cableway, "--decoder", "calibrated");
    Save(Plot(calibrated, "Probabilities", "Reliability"), "reliability");
    var evaluation = Page("evaluation", "--report", "evaluate", "--data", Cableway);
    Save(Plot(evaluation, "Probabilities", "What is right"), "coverage");
    Save(Plot(evaluation, "No answer", "Scores"), "no-answer-scores");
    Save(Plot(evaluation, "Where the figures come from", "Exact match and F1 by question word"), "question-word");

    Save(Plot(OverData("attention"), "Share of all attention that goes to [CLS]", "Layer by layer"), "attention-sinks");
    Save(Plot(OverData("lens"), "Layers after which the answer is the best", "How many"), "lens-settled");
    Save(Plot(OverData("knockout"), "Change of the margin", "Layer by layer"), "knockout");

    Save(Plot(Explanation(), "Does the answer hang on these words?", "Deletion"), "deletion");
}

XElement OverData(string measure) =>
    Page(
        $"{measure}-over-data",
        "--report",
        "inspect",
        measure,
        "--data",
        Cableway,
        "--limit",
        "50",
        "--seed",
        "1",
        "--output",
        Path.Combine(pages, $"{measure}.jsonl")
    );

XElement Explanation() =>
    Page(
        "attribution",
        "--html",
        "inspect",
        "attribution",
        "--question",
        Question,
        "--context-file",
        Lighthouse,
        "--method",
        "all",
        "--curves"
    );

// Drawn without a window, at its top.
void Photograph()
{
    var page = Path.Combine(pages, "words.html");
    Run("inspect", "attribution", "--question", Question, "--context-file", Lighthouse, "--html", page);
    using var chromium = Process.Start(
        Chromium,
        [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--window-size=900,640",
            $"--screenshot={Path.Combine(here, "attribution-page.png")}",
            new Uri(page).AbsoluteUri,
        ]
    );
    chromium.WaitForExit();
}

XElement Page(string name, string option, params string[] arguments)
{
    var path = Path.Combine(pages, $"{name}.html");
    Run([.. arguments, option, path]);
    return XDocument.Load(path).Root!;
}

void Run(params string[] arguments)
{
    Console.WriteLine($"xdistil {string.Join(' ', arguments)}");
    using var process = Process.Start(
        new ProcessStartInfo(tool, arguments) { WorkingDirectory = repository, RedirectStandardOutput = true }
    )!;
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"xdistil ended with {process.ExitCode}");
}

// The first plot after a heading whose caption begins so.
XElement Plot(XElement page, string heading, string caption) =>
    page.Descendants()
        .SkipWhile(element => element.Name.LocalName != "h2" || !element.Value.StartsWith(heading, StringComparison.Ordinal))
        .First(element => element.Name == "svg" && element.Attribute("aria-label")!.Value.StartsWith(caption, StringComparison.Ordinal));

// A picture by itself: with SVG's name space, on white, and in a font that others have too.
void Save(XElement plot, string name)
{
    XNamespace svg = "http://www.w3.org/2000/svg";
    foreach (var element in plot.DescendantsAndSelf())
    {
        element.Name = svg + element.Name.LocalName;
        if (element.Attribute("font-family") is { } family)
            family.Value = $"{family.Value}, Verdana, sans-serif";
    }
    plot.AddFirst(
        new XElement(svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "#ffffff"))
    );
    var path = Path.Combine(here, $"{name}.svg");
    File.WriteAllText(path, plot.ToString(SaveOptions.DisableFormatting) + "\n");
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(repository, path)}: {new FileInfo(path).Length:N0} bytes")
    );
}
