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
            :root { color-scheme: light dark; --ink: #1d2129; --quiet: #667; --soft: #445; --line: #d0d4d9; --faint: #e6e8eb; --good: #cfe3fa; --other: #f9d9b8; --heat: 36 96 168; --on-heat: #fff; --below: 228 126 28; --page: #fff; }
            @media (prefers-color-scheme: dark) {
            :root { --ink: #e4e7ec; --quiet: #9aa3b0; --soft: #b6bdc8; --line: #3c434d; --faint: #2b313a; --good: #1f4a7a; --other: #6b4218; --heat: 124 182 244; --on-heat: #0d1117; --below: 226 122 22; --page: #15181d; }
            svg { filter: invert(1) hue-rotate(180deg); } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 1180px; margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.6em; margin-bottom: 0; overflow-wrap: anywhere; } h2 { font-size: 1.2em; margin: 2em 0 .5em; } h3 { font-size: 1.05em; margin: 1.5em 0 .5em; }
            .quiet { color: var(--quiet); } .cards, .plots { display: flex; flex-wrap: wrap; gap: 1em; } .plots { column-gap: 3em; } .small table { font-size: .87em; }
            .card { border: 1px solid var(--line); border-radius: 6px; padding: .6em 1.2em; min-width: 11em; } .card b { display: block; font-size: 1.9em; line-height: 1.2; }
            figure { margin: 0; flex: 1 1 480px; max-width: 570px; } figcaption { color: var(--soft); font-size: .92em; } svg { width: 100%; height: auto; }
            table { border-collapse: collapse; margin: .6em 0; } th, td { padding: .15em .9em .15em 0; text-align: right; border-bottom: 1px solid var(--faint); }
            th:first-child, td:first-child { text-align: left; } td { font-variant-numeric: tabular-nums; }
            .note { border-left: 4px solid #d9822b; padding-left: .7em; margin: .3em 0; }
            article { border-top: 1px solid var(--line); padding: .6em 0; overflow-wrap: anywhere; } article p { margin: .2em 0; }
            .context { color: var(--soft); font-size: .93em; white-space: pre-line; } mark { background: var(--good); color: inherit; } mark.wrong, mark.answered, mark.before, mark.after { background: var(--other); }
            mark.before { border-top: 2px dotted #d9822b; } mark.after, mark.answered { border-bottom: 2px solid #d9822b; } mark.expected { background: var(--good); }
            .wide { overflow-x: auto; } .heat caption { text-align: left; color: var(--soft); font-size: .92em; padding-bottom: .4em; }
            .heat { width: 100%; table-layout: fixed; min-width: 46em; } .heat th, .heat td { padding: .2em .1em; text-align: center; border: 1px solid var(--page); font-size: .87em; } .heat th { font-weight: normal; color: var(--quiet); }
            .heat td, .scale i { background-color: rgb(var(--heat) / var(--v, 0)); } .heat td.below, .scale i.below { background-color: rgb(var(--below) / var(--v, 0)); } .heat td.strong { color: var(--on-heat); } .heat td.strong.below { color: #0d1117; }
            .plots .wide { flex: 1 1 480px; max-width: 570px; } .plots .heat { table-layout: auto; min-width: 0; } .plots .heat td { font-size: .78em; } .plots .heat th { font-size: .74em; }
            .scale { color: var(--quiet); font-size: .87em; margin: .2em 0; } .scale i { display: inline-block; width: 1.6em; } .scale span { margin: 0 .5em; }

            """;
}
