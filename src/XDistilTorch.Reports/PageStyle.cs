using XDistilTorch.Reports.Plots;

namespace XDistilTorch.Reports;

/// <summary>How pages look. No character that HTML or XML would read as markup.</summary>
internal static class PageStyle
{
    public static string Css { get; } =
        $$"""

            @font-face { font-family: "{{PlotFont.FamilyInSvg}}"; src: url(data:font/ttf;base64,{{Convert.ToBase64String(
                PlotFont.File
            )}}) format("truetype"); }
            body { font: 15px/1.5 system-ui, sans-serif; color: #1d2129; max-width: 1180px; margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.6em; margin-bottom: 0; } h2 { font-size: 1.2em; margin: 2em 0 .5em; } h3 { font-size: 1.05em; margin: 1.5em 0 .5em; }
            .quiet { color: #667; } .cards, .plots { display: flex; flex-wrap: wrap; gap: 1em; }
            .card { border: 1px solid #d0d4d9; border-radius: 6px; padding: .6em 1.2em; min-width: 11em; } .card b { display: block; font-size: 1.9em; line-height: 1.2; }
            figure { margin: 0; flex: 1 1 480px; max-width: 570px; } figcaption { color: #445; font-size: .92em; } svg { width: 100%; height: auto; }
            table { border-collapse: collapse; margin: .6em 0; } th, td { padding: .15em .9em .15em 0; text-align: right; border-bottom: 1px solid #e6e8eb; }
            th:first-child, td:first-child { text-align: left; }
            .note { border-left: 4px solid #d9822b; padding-left: .7em; margin: .3em 0; }
            article { border-top: 1px solid #d0d4d9; padding: .6em 0; overflow-wrap: anywhere; } article p { margin: .2em 0; }
            .context { color: #445; font-size: .93em; white-space: pre-line; } mark { background: #cfe3fa; } mark.wrong { background: #f9d9b8; }

            """;
}
