namespace XDistilTorch.Tokenization;

/// <summary>What becomes of a character.</summary>
internal enum CharacterKind
{
    /// <summary>Stays in its word as it is.</summary>
    Keep,

    /// <summary>Dropped; what stands on its two sides is one word.</summary>
    Removed,

    /// <summary>Ends a word.</summary>
    Space,

    /// <summary>A word of its own.</summary>
    Punctuation,

    /// <summary>A word of its own between spaces; the value is what it becomes.</summary>
    Ideograph,

    /// <summary>Stays in its word as the character that is the value.</summary>
    One,

    /// <summary>Becomes the characters at the value in <see cref="CharacterTable.Sequences"/>.</summary>
    Many,

    /// <summary>A Hangul syllable that becomes two or three jamo.</summary>
    Hangul,

    /// <summary>A combining mark that is kept while others around it are dropped: the text has to be put into canonical order first.</summary>
    NeedsOrder,
}

/// <summary>
/// The normaliser and the split into words of one set of options, as one look-up per character: (<see cref="CharacterKind"/>, value).
/// Two stages, pages of 256 characters; pages of one kind are shared.
/// </summary>
internal sealed class CharacterTable
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;
    private const int ValueBits = 24;

    /// <summary>Marks a punctuation character in <see cref="Sequences"/>.</summary>
    public const int PunctuationFlag = 1 << 30;

    private readonly ushort[] index = new ushort[0x110000 >> PageBits];
    private readonly List<int[]> building = [new int[PageSize]];
    private readonly List<int> sequences = [];
    private readonly List<int> sharedPages = [0];
    private readonly int[] pages;

    /// <summary>Word characters of ASCII as 256 + what they become, else the <see cref="CharacterKind"/>.</summary>
    public ushort[] Ascii { get; } = new ushort[128];

    /// <summary>At each value of <see cref="CharacterKind.Many"/>: a count, then so many code points, punctuation with <see cref="PunctuationFlag"/>.</summary>
    public int[] Sequences { get; }

    /// <summary>Whether canonical order is part of the normalisation.</summary>
    public bool Decomposes { get; }

    /// <summary>The characters under these options.</summary>
    public CharacterTable(BertTokenizerOptions options)
    {
        Decomposes = options.StripsAccents;
        if (options.LowerCase)
            SetLowerCase();
        SetAll(BertUnicode.Punctuation, CharacterKind.Punctuation);
        if (options.StripsAccents)
        {
            SetAll(BertUnicode.Marks, CharacterKind.Removed);
            SetNeedsOrder();
            Set(HangulSyllables.First, HangulSyllables.Last, Pack(CharacterKind.Hangul));
            SetDecompositions(options);
        }
        if (options.TokenizeChineseChars)
            SetIdeographs(options.StripsAccents);
        // Cleaning comes before everything else, so it has the last word here.
        SetAll(BertUnicode.Spaces, CharacterKind.Space);
        SetAll(BertUnicode.Removed, CharacterKind.Removed);
        Set(0xD800, 0xDFFF, Pack(CharacterKind.Removed));
        (pages, Sequences) = Finish();
    }

    private CharacterTable()
    {
        SetAll(BertUnicode.Punctuation, CharacterKind.Punctuation);
        SetAll(BertUnicode.Spaces, CharacterKind.Space);
        // What cleaning would have dropped still splits words as white space here.
        Set(0x09, 0x0D, Pack(CharacterKind.Space));
        Set(0x85, 0x85, Pack(CharacterKind.Space));
        (pages, Sequences) = Finish();
    }

    /// <summary>Words and punctuation of a text that is not normalised.</summary>
    public static CharacterTable WithoutNormalization() => new();

    /// <summary>What becomes of this code point (or lone surrogate).</summary>
    public CharacterKind Of(int codePoint, out int value)
    {
        var entry = pages[(index[codePoint >> PageBits] << PageBits) | (codePoint & (PageSize - 1))];
        value = entry & ((1 << ValueBits) - 1);
        return (CharacterKind)(entry >> ValueBits);
    }

    /// <summary>Whether this character, after normalisation, is a word of its own.</summary>
    public static bool IsPunctuation(int codePoint) => Contains(BertUnicode.Punctuation, codePoint);

    /// <summary>Whether a flat list of sorted ranges (first, last, ...) holds this code point.</summary>
    public static bool Contains(ReadOnlySpan<int> ranges, int codePoint)
    {
        int low = 0,
            high = ranges.Length / 2 - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < ranges[2 * middle])
                high = middle - 1;
            else if (codePoint > ranges[2 * middle + 1])
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    private static int Pack(CharacterKind kind, int value = 0) => ((int)kind << ValueBits) | value;

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
    private void SetDecompositions(BertTokenizerOptions options)
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
                switch ((CharacterKind)(entry >> ValueBits))
                {
                    case CharacterKind.Removed:
                        break;
                    case CharacterKind.NeedsOrder:
                        ordered = false;
                        break;
                    case CharacterKind.One:
                        parts[count++] = entry & ((1 << ValueBits) - 1);
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
            1 when !IsPunctuation(parts[0]) => Pack(CharacterKind.One, parts[0]),
            _ => Pack(CharacterKind.Many, AddSequence(parts)),
        };

    private void SetIdeographs(bool decomposed)
    {
        var ranges = BertUnicode.Ideographs;
        for (var i = 0; i < ranges.Length; i += 2)
        for (var c = ranges[i]; c <= ranges[i + 1]; )
        {
            // Whole pages of unified ideographs share one page; value 0 means the character itself.
            var pageEnd = Math.Min(c | (PageSize - 1), ranges[i + 1]);
            if (!decomposed || c is < 0xF900 or (> 0xFFFF and < 0x2F800))
            {
                Set(c, pageEnd, Pack(CharacterKind.Ideograph));
                c = pageEnd + 1;
                continue;
            }
            var entry = EntryOf(c);
            var single = (CharacterKind)(entry >> ValueBits) == CharacterKind.One ? entry & ((1 << ValueBits) - 1) : 0;
            Set(c, c, Pack(CharacterKind.Ideograph, single));
            c++;
        }
    }

    private int AddSequence(ReadOnlySpan<int> parts)
    {
        var at = sequences.Count;
        sequences.Add(parts.Length);
        foreach (var part in parts)
            sequences.Add(IsPunctuation(part) ? part | PunctuationFlag : part);
        return at;
    }

    private void SetAll(ReadOnlySpan<int> ranges, CharacterKind kind)
    {
        for (var i = 0; i < ranges.Length; i += 2)
            Set(ranges[i], ranges[i + 1], Pack(kind));
    }

    private int EntryOf(int codePoint) => building[index[codePoint >> PageBits]][codePoint & (PageSize - 1)];

    private CharacterKind KindOf(int codePoint) => (CharacterKind)(EntryOf(codePoint) >> ValueBits);

    private void Set(int first, int last, int entry)
    {
        for (var page = first >> PageBits; page <= last >> PageBits; page++)
        {
            int from = Math.Max(first, page << PageBits),
                to = Math.Min(last, (page << PageBits) | (PageSize - 1));
            if (to - from == PageSize - 1)
                index[page] = (ushort)SharedPage(entry);
            else
                OwnPage(page).AsSpan(from & (PageSize - 1), to - from + 1).Fill(entry);
        }
    }

    private int SharedPage(int entry)
    {
        foreach (var page in sharedPages)
            if (building[page][0] == entry)
                return page;
        sharedPages.Add(AddPage(new int[PageSize]));
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

    private (int[] Pages, int[] Sequences) Finish()
    {
        var flat = new int[building.Count << PageBits];
        for (var i = 0; i < building.Count; i++)
            building[i].CopyTo(flat, i << PageBits);
        for (var c = 0; c < 128; c++)
        {
            var entry = EntryOf(c);
            Ascii[c] = (CharacterKind)(entry >> ValueBits) switch
            {
                CharacterKind.Keep => (ushort)(256 + c),
                CharacterKind.One => (ushort)(256 + (entry & 0x7F)),
                var kind => (ushort)kind,
            };
        }
        building.Clear();
        sharedPages.Clear();
        return (flat, [.. sequences]);
    }
}
