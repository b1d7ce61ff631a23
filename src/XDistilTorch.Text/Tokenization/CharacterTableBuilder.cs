namespace XDistilTorch.Tokenization;

/// <summary>Fills a <see cref="CharacterTable"/> from the reference's tables, step by step in the order in which later steps overrule earlier ones.</summary>
internal sealed class CharacterTableBuilder
{
    private readonly ushort[] index = new ushort[0x110000 >> CharacterTable.PageBits];
    private readonly List<int[]> building = [new int[CharacterTable.PageSize]];
    private readonly List<int> sharedPages = [0];
    private readonly List<int> sequences = [];

    /// <summary>The characters under these options.</summary>
    public static CharacterTable Build(BertTokenizerOptions options)
    {
        var builder = new CharacterTableBuilder();
        if (options.LowerCase)
            builder.SetLowerCase();
        builder.SetAll(BertUnicode.Punctuation, CharacterKind.Punctuation);
        if (options.StripsAccents)
        {
            builder.SetAll(BertUnicode.Marks, CharacterKind.Removed);
            builder.SetNeedsOrder();
            builder.Set(HangulSyllables.First, HangulSyllables.Last, Pack(CharacterKind.Hangul));
            builder.SetDecompositions();
        }
        if (options.TokenizeChineseChars)
            builder.SetIdeographs(options.StripsAccents);
        // Cleaning comes before everything else, so it has the last word here.
        builder.SetAll(BertUnicode.Spaces, CharacterKind.Space);
        builder.SetAll(BertUnicode.Removed, CharacterKind.Removed);
        builder.Set(0xD800, 0xDFFF, Pack(CharacterKind.Removed));
        return builder.Finish();
    }

    /// <summary>Words and punctuation of a text that is not normalised.</summary>
    public static CharacterTable BuildWithoutNormalization()
    {
        var builder = new CharacterTableBuilder();
        builder.SetAll(BertUnicode.Punctuation, CharacterKind.Punctuation);
        builder.SetAll(BertUnicode.Spaces, CharacterKind.Space);
        // What cleaning would have dropped still splits words as white space here.
        builder.Set(0x09, 0x0D, Pack(CharacterKind.Space));
        builder.Set(0x85, 0x85, Pack(CharacterKind.Space));
        return builder.Finish();
    }

    private static int Pack(CharacterKind kind, int value = 0) => ((int)kind << CharacterTable.ValueBits) | value;

    private void SetLowerCase()
    {
        var rows = BertUnicode.LowerCase;
        for (var i = 0; i < rows.Length; i += 4)
        for (var c = rows[i]; c <= rows[i + 1]; c += rows[i + 2])
            Set(c, c, Pack(CharacterKind.One, c + rows[i + 3]));
        var longer = BertUnicode.LongLowerCase;
        for (var i = 0; i < longer.Length; i += 2 + longer[i + 1])
            Set(longer[i], longer[i], Pack(CharacterKind.Many, AddSequence(longer.Slice(i + 2, longer[i + 1]))));
    }

    private void SetNeedsOrder()
    {
        var classes = BertUnicode.CombiningClasses;
        for (var i = 0; i < classes.Length; i += 3)
        for (var c = classes[i]; c <= classes[i + 1]; c++)
            if (KindOf(c) != CharacterKind.Removed)
                Set(c, c, Pack(CharacterKind.NeedsOrder));
    }

    // Runs when lower case, punctuation and marks are known: a decomposition is what its parts become.
    private void SetDecompositions()
    {
        var rows = BertUnicode.Decompositions;
        Span<int> parts = stackalloc int[8];
        for (var i = 0; i < rows.Length; i += 2 + rows[i + 1])
        {
            var count = 0;
            var ordered = true;
            foreach (var part in rows.Slice(i + 2, rows[i + 1]))
            {
                var entry = EntryOf(part);
                switch ((CharacterKind)(entry >> CharacterTable.ValueBits))
                {
                    case CharacterKind.Removed:
                        break;
                    case CharacterKind.NeedsOrder:
                        ordered = false;
                        break;
                    case CharacterKind.One:
                        parts[count++] = entry & CharacterTable.ValueMask;
                        break;
                    default:
                        parts[count++] = part;
                        break;
                }
            }
            Set(rows[i], rows[i], ordered ? EntryOf(parts[..count]) : Pack(CharacterKind.NeedsOrder));
        }
    }

    private int EntryOf(ReadOnlySpan<int> parts) =>
        parts.Length switch
        {
            0 => Pack(CharacterKind.Removed),
            1 when !BertUnicode.IsPunctuation(parts[0]) => Pack(CharacterKind.One, parts[0]),
            _ => Pack(CharacterKind.Many, AddSequence(parts)),
        };

    private void SetIdeographs(bool decomposed)
    {
        var ranges = BertUnicode.Ideographs;
        for (var i = 0; i < ranges.Length; i += 2)
        for (var c = ranges[i]; c <= ranges[i + 1]; )
        {
            // Whole pages of unified ideographs share one page; value 0 means the character itself.
            var pageEnd = Math.Min(c | (CharacterTable.PageSize - 1), ranges[i + 1]);
            if (!decomposed || c is < 0xF900 or (> 0xFFFF and < 0x2F800))
            {
                Set(c, pageEnd, Pack(CharacterKind.Ideograph));
                c = pageEnd + 1;
                continue;
            }
            var entry = EntryOf(c);
            var single = (CharacterKind)(entry >> CharacterTable.ValueBits) == CharacterKind.One ? entry & CharacterTable.ValueMask : 0;
            Set(c, c, Pack(CharacterKind.Ideograph, single));
            c++;
        }
    }

    private int AddSequence(ReadOnlySpan<int> parts)
    {
        var at = sequences.Count;
        sequences.Add(parts.Length);
        foreach (var part in parts)
            sequences.Add(BertUnicode.IsPunctuation(part) ? part | CharacterTable.PunctuationFlag : part);
        return at;
    }

    private void SetAll(ReadOnlySpan<int> ranges, CharacterKind kind)
    {
        for (var i = 0; i < ranges.Length; i += 2)
            Set(ranges[i], ranges[i + 1], Pack(kind));
    }

    private int EntryOf(int codePoint) => building[index[codePoint >> CharacterTable.PageBits]][codePoint & (CharacterTable.PageSize - 1)];

    private CharacterKind KindOf(int codePoint) => (CharacterKind)(EntryOf(codePoint) >> CharacterTable.ValueBits);

    private void Set(int first, int last, int entry)
    {
        for (var page = first >> CharacterTable.PageBits; page <= last >> CharacterTable.PageBits; page++)
        {
            int from = Math.Max(first, page << CharacterTable.PageBits),
                to = Math.Min(last, (page << CharacterTable.PageBits) | (CharacterTable.PageSize - 1));
            if (to - from == CharacterTable.PageSize - 1)
                index[page] = (ushort)SharedPage(entry);
            else
                OwnPage(page).AsSpan(from & (CharacterTable.PageSize - 1), to - from + 1).Fill(entry);
        }
    }

    private int SharedPage(int entry)
    {
        foreach (var page in sharedPages)
            if (building[page][0] == entry)
                return page;
        sharedPages.Add(AddPage(new int[CharacterTable.PageSize]));
        building[^1].AsSpan().Fill(entry);
        return building.Count - 1;
    }

    private int[] OwnPage(int page)
    {
        if (sharedPages.Contains(index[page]))
            index[page] = (ushort)AddPage((int[])building[index[page]].Clone());
        return building[index[page]];
    }

    private int AddPage(int[] page)
    {
        building.Add(page);
        return building.Count - 1;
    }

    private CharacterTable Finish()
    {
        var pages = new int[building.Count << CharacterTable.PageBits];
        for (var i = 0; i < building.Count; i++)
            building[i].CopyTo(pages, i << CharacterTable.PageBits);
        return new CharacterTable(index, pages, [.. sequences]);
    }
}
