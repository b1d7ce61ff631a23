namespace XDistilTorch.Reports.Attribution;

/// <summary>What an attribution's page has beside <see cref="PageStyle"/>. No character that HTML or XML would read as markup.</summary>
internal static class AttributionStyle
{
    // Blue and orange are told apart by every kind of colour vision; the strength is in how much of the paper shows through.
    public const string Css = """

        :root { --panel: #f6f7f9; --most: .6; }
        @media (prefers-color-scheme: dark) {
          :root { --panel: #1b2027; --most: .5; } .key { filter: invert(1) hue-rotate(180deg); }
        }
        body { max-width: 1020px; }
        h1 { font-size: 1.75em; line-height: 1.25; margin: .1em 0 .6em; overflow-wrap: anywhere; } h2 { margin: 0; } h3 { font-size: .95em; margin: 0 0 .3em; }
        .card { min-width: 6em; padding: .5em .9em; background: var(--panel); max-width: 26em; } .card b { font-size: 1.35em; line-height: 1.35; overflow-wrap: anywhere; }
        .card .quiet { font-size: .88em; } th, td { font-variant-numeric: tabular-nums; } th { font-weight: 600; color: var(--quiet); font-size: .88em; } caption { text-align: left; font-weight: 600; padding-bottom: .2em; }
        section { border-top: 1px solid var(--line); margin-top: 2.2em; padding-top: 1.4em; } section p { margin: .5em 0; max-width: 72em; }
        .legend { display: flex; align-items: center; gap: .7em; margin-top: 1.4em; font-size: .9em; color: var(--quiet); flex-wrap: wrap; }
        .ramp { width: 11em; height: .8em; border-radius: 3px; background: linear-gradient(90deg, rgb(var(--below) / var(--most)), transparent, rgb(var(--heat) / var(--most))); border: 1px solid var(--line); }
        .text { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .7em 1em; margin: .8em 0; overflow-wrap: anywhere; }
        .text p { margin: 0; line-height: 1.95; white-space: pre-wrap; } .text p + p { border-top: 1px dashed var(--line); margin-top: .6em; padding-top: .6em; }
        .w { border-radius: 3px; padding: .12em 0; cursor: default; } .w:hover { outline: 1px solid var(--ink); }
        .for { background: rgb(var(--heat) / calc(var(--v) * var(--most))); } .against { background: rgb(var(--below) / calc(var(--v) * var(--most))); }
        .target { border: 2px solid var(--ink); border-radius: 4px; padding: .12em .1em; margin: 0 .12em; } .other { border: 2px dashed var(--quiet); border-radius: 4px; padding: .12em .1em; margin: 0 .12em; }
        .sides { display: flex; flex-wrap: wrap; gap: 0 3.5em; } .sides table { min-width: 19em; } .sides td:first-child { max-width: 18em; overflow-wrap: anywhere; }
        .bar { display: inline-block; height: .75em; border-radius: 2px; vertical-align: baseline; } td.bars { width: 8em; text-align: left; }
        .key { font-family: "DejaVu Sans", sans-serif; margin-right: .5em; } .sides > p { margin-top: .6em; min-width: 19em; }
        .note { background: var(--panel); padding: .4em .8em; } summary { cursor: pointer; padding: .3em 0; font-weight: 600; } .scroll { overflow-x: auto; }

        """;
}
