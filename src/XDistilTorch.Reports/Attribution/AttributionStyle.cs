namespace XDistilTorch.Reports.Attribution;

/// <summary>What an attribution's page has beside <see cref="PageStyle"/>. No character that HTML or XML would read as markup.</summary>
internal static class AttributionStyle
{
    // Blue and orange are told apart by every kind of colour vision; the strength is in how much of the paper shows through.
    public const string Css = """

        :root { color-scheme: light dark; --ink: #1d2129; --soft: #5b6270; --line: #d5d9de; --paper: #ffffff; --panel: #f6f7f9; --for: 58 132 216; --against: 228 126 28; --most: .72; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e9ee; --soft: #a0a8b4; --line: #343b46; --paper: #14171c; --panel: #1b2027; --for: 66 144 238; --against: 226 122 22; --most: .66; }
          svg, .key { filter: invert(.92) hue-rotate(180deg); }
        }
        html { background: var(--paper); } body { color: var(--ink); max-width: 1020px; }
        h1 { font-size: 1.75em; line-height: 1.25; margin: .1em 0 .6em; overflow-wrap: anywhere; } h2 { margin: 0; } h3 { font-size: .95em; margin: 0 0 .3em; }
        .quiet, figcaption { color: var(--soft); } .card { min-width: 6em; padding: .5em .9em; border-color: var(--line); background: var(--panel); max-width: 26em; } .card b { font-size: 1.35em; line-height: 1.35; overflow-wrap: anywhere; }
        .card .quiet { font-size: .88em; } th, td { border-color: var(--line); font-variant-numeric: tabular-nums; } th { font-weight: 600; color: var(--soft); font-size: .88em; } caption { text-align: left; font-weight: 600; padding-bottom: .2em; }
        section { border-top: 1px solid var(--line); margin-top: 2.2em; padding-top: 1.4em; } section p { margin: .5em 0; max-width: 72em; }
        .legend { display: flex; align-items: center; gap: .7em; margin-top: 1.4em; font-size: .9em; color: var(--soft); flex-wrap: wrap; }
        .scale { width: 11em; height: .8em; border-radius: 3px; background: linear-gradient(90deg, rgb(var(--against) / var(--most)), transparent, rgb(var(--for) / var(--most))); border: 1px solid var(--line); }
        .text { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .7em 1em; margin: .8em 0; overflow-wrap: anywhere; }
        .text p { margin: 0; line-height: 1.95; white-space: pre-wrap; } .text p + p { border-top: 1px dashed var(--line); margin-top: .6em; padding-top: .6em; }
        .w { border-radius: 3px; padding: .12em 0; cursor: default; } .w:hover { outline: 1px solid var(--ink); }
        .for { background: rgb(var(--for) / calc(var(--v) * var(--most))); } .against { background: rgb(var(--against) / calc(var(--v) * var(--most))); }
        .target { border: 2px solid var(--ink); border-radius: 4px; padding: .12em .1em; margin: 0 .12em; } .other { border: 2px dashed var(--soft); border-radius: 4px; padding: .12em .1em; margin: 0 .12em; }
        .sides { display: flex; flex-wrap: wrap; gap: 0 3.5em; } .sides table { min-width: 19em; } .sides td:first-child { max-width: 18em; overflow-wrap: anywhere; }
        .bar { display: inline-block; height: .75em; border-radius: 2px; vertical-align: baseline; } td.bars { width: 8em; text-align: left; }
        .key { font-family: "DejaVu Sans", sans-serif; margin-right: .5em; } .sides > p { margin-top: .6em; min-width: 19em; }
        .heads .quiet { font-weight: normal; } .heads { font-size: .8em; } .heads th, .heads td { padding: .2em .35em; text-align: right; border: 0; min-width: 2.9em; } .heads th:first-child { text-align: left; min-width: 4.5em; }
        .note { background: var(--panel); padding: .4em .8em; } summary { cursor: pointer; padding: .3em 0; font-weight: 600; } .scroll { overflow-x: auto; }

        """;
}
