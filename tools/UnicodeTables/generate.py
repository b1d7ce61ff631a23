#!/usr/bin/env python3
"""Writes src/XDistilTorch.Text/Tokenization/BertUnicode.g.cs.

The reference tokenizer's character tables belong to several versions of Unicode at once, so they are taken from what it was seen to do
with every code point: tests/Goldens/text/tokenizer/sweep.json.gz. What that file holds only for the lower-casing tokenizer
(decompositions before accents are dropped, lower case without decomposition) is Python's own Unicode 14.0 data, put right by the
differences that the file lists. The result is simulated for every code point and compared with the file before anything is written.

Usage: python3 tools/UnicodeTables/generate.py        (Python 3.11 or 3.12: Unicode 14.0 or 15.0; the differences refer to 14.0)
"""

import gzip
import json
import pathlib
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
SWEEP = ROOT / "tests/Goldens/text/tokenizer/sweep.json.gz"
TARGET = ROOT / "src/XDistilTorch.Text/Tokenization/BertUnicode.g.cs"

SURROGATES = range(0xD800, 0xE000)
HANGUL = range(0xAC00, 0xD7A4)

# The reference orders combining marks by Unicode 9.0: characters that are newer have class 0 there. One code point cannot show this,
# so the sweep does not hold it; found by asking the reference for the order of each pair of marks.
NEWER_THAN_ITS_COMBINING_CLASSES = """
07FD 0898-089F 08CA-08D3 09FE 0C3C 0D3B-0D3C 0EBA 1715 1ABF-1ACE 1DF6-1DFA A82C 10D24-10D27 10EAB-10EAC 10F46-10F50 10F82-10F85
11070 1133B 1145E 11839-1183A 1193D-1193E 11943 119E0 11A34 11A47 11A99 11D42 11D44-11D45 11D97 16FF0-16FF1 1E130-1E136 1E2AE 1E2EC-1E2EF
"""


def code_points():
    return (c for c in range(0x110000) if c not in SURROGATES)


def ranges(members):
    out = []
    for c in sorted(members):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def members(rows):
    return {c for first, last in rows for c in range(first, last + 1)}


def load():
    sweep = json.loads(gzip.decompress(SWEEP.read_bytes()))
    classes = {name: members(rows) for name, rows in sweep["class_ranges"].items()}

    lower = {c: [ord(x) for x in chr(c).lower()] for c in code_points() if chr(c).lower() != chr(c)}
    for c, _, library in sweep["lower_case_differences"]:
        lower[c] = [int(x, 16) for x in library.split()]
    lower = {c: to for c, to in lower.items() if to != [c]}

    decomposed = {
        c: [ord(x) for x in unicodedata.normalize("NFD", chr(c))]
        for c in code_points()
        if c not in HANGUL and unicodedata.normalize("NFD", chr(c)) != chr(c)
    }
    for c, _, library in sweep["decomposition_differences"]:
        decomposed[c] = [int(x, 16) for x in library.split()]
    decomposed = {c: to for c, to in decomposed.items() if to != [c]}

    newer = members([[int(x, 16) for x in (r.split("-") * 2)[:2]] for r in NEWER_THAN_ITS_COMBINING_CLASSES.split()])
    combining = {c: unicodedata.combining(chr(c)) for c in code_points() if c not in newer and unicodedata.combining(chr(c))}

    tables = {
        "Removed": classes["removed"],
        "Spaces": classes["space"],
        "Ideographs": classes["ideograph"] | classes["ideograph-changed"],
        # Of the punctuation that changes, the sweep shows only what it becomes.
        "Punctuation": classes["punctuation"] | {c for c in classes["punctuation-changed"] if unicodedata.category(chr(c))[0] == "P"},
        "Marks": classes["mark"],
    }
    return sweep, tables, lower, decomposed, combining


def check(sweep, tables, lower, decomposed):
    """The lower-casing normaliser from these tables equals the sweep, for every code point."""

    def nfd(c):
        return [ord(x) for x in unicodedata.normalize("NFD", chr(c))] if c in HANGUL else decomposed.get(c, [c])

    for first, last, kind, *_, normalized in sweep["runs"]:
        for c in range(first, last + 1):
            if c in SURROGATES:
                continue
            text = [] if c in tables["Removed"] else [32] if c in tables["Spaces"] else [32, c, 32] if c in tables["Ideographs"] else [c]
            text = [x for y in text for x in nfd(y) if x not in tables["Marks"]]
            text = [x for y in text for x in lower.get(y, [y])]
            plain = {"removed": [], "mark": [], "space": [32], "ideograph": [32, c, 32]}.get(kind, [c])
            expected = plain if normalized is None else [ord(x) for x in normalized]
            assert text == expected, f"U+{c:04X} ({kind}): the tables give {text}, the sweep {expected}"


def steps(mapping):
    """first, last, step, difference: characters at equal steps that change by the same difference."""
    rows = []
    for c, to in sorted(mapping.items()):
        delta = to - c
        if rows and rows[-1][3] == delta and c - rows[-1][1] in (1, 2) and rows[-1][2] in (0, c - rows[-1][1]):
            rows[-1][1], rows[-1][2] = c, c - rows[-1][1]
        else:
            rows.append([c, c, 0, delta])
    return [[first, last, step or 1, delta] for first, last, step, delta in rows]


def literal(name, comment, values):
    lines, line = [], "       "
    for v in values:
        item = f" {'-' if v < 0 else ''}0x{abs(v):X},"
        if len(line) + len(item) > 138:
            lines.append(line)
            line = "       "
        line += item
    lines.append(line)
    return f"    /// <summary>{comment}</summary>\n    internal static ReadOnlySpan<int> {name} =>\n    [\n" + "\n".join(lines) + "\n    ];\n"


def write(tables, lower, decomposed, combining):
    flat = lambda rows: [v for row in rows for v in row]
    single = {c: to[0] for c, to in lower.items() if len(to) == 1}
    classes = []
    for c, k in sorted(combining.items()):
        if classes and classes[-1][1] == c - 1 and classes[-1][2] == k:
            classes[-1][1] = c
        else:
            classes.append([c, c, k])

    comments = {
        "Removed": "Dropped when text is cleaned: first, last, ...",
        "Spaces": "Become one space: first, last, ...",
        "Ideographs": "Stand alone when Chinese characters are split: first, last, ...",
        "Punctuation": "Words of their own: first, last, ...",
        "Marks": "Nonspacing marks, dropped with accents: first, last, ...",
    }
    parts = [literal(name, comments[name], flat(ranges(tables[name]))) for name in comments]
    parts.append(literal("LowerCase", "Lower case, one character to one: first, last, step, difference, ...", flat(steps(single))))
    long = [[c, len(to), *to] for c, to in sorted(lower.items()) if len(to) > 1]
    parts.append(literal("LongLowerCase", "Lower case of more than one character: character, count, characters, ...", flat(long)))
    rows = [[c, len(to), *to] for c, to in sorted(decomposed.items())]
    parts.append(literal("Decompositions", "Full canonical decompositions but Hangul's: character, count, characters, ...", flat(rows)))
    parts.append(literal("CombiningClasses", "Canonical combining classes other than 0: first, last, class, ...", flat(classes)))

    TARGET.write_text(
        "// <auto-generated>\n"
        "// Written by tools/UnicodeTables/generate.py from tests/Goldens/text/tokenizer/sweep.json.gz: what the reference (the Rust library\n"
        "// tokenizers 0.22) does with every code point. Its tables belong to several versions of Unicode; .NET's give other results.\n"
        "// </auto-generated>\n"
        "#nullable enable\n\n"
        "namespace XDistilTorch.Tokenization;\n\n"
        "/// <summary>The characters as the reference's BERT normaliser and pre-tokeniser see them.</summary>\n"
        "internal static partial class BertUnicode\n{\n" + "\n".join(parts) + "}\n",
        encoding="utf-8",
        newline="\n",
    )


if __name__ == "__main__":
    sweep, tables, lower, decomposed, combining = load()
    check(sweep, tables, lower, decomposed)
    write(tables, lower, decomposed, combining)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes")
