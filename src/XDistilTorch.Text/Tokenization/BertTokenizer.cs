using Microsoft.ML.Tokenizers;
using XDistilTorch.Tokenization.Loading;
using XDistilTorch.Tokenization.Saving;

namespace XDistilTorch.Tokenization;

/// <summary>
/// BERT's tokenizer: normalisation, words, WordPiece; ids, tokens and offsets equal those of the Rust <c>tokenizers</c> library (0.22), but that special
/// tokens spelled out in a text are text unless asked otherwise (<see cref="EncodeOptions.SplitSpecialTokens"/>). Immutable: one
/// tokenizer may be used by any number of threads at once.
/// </summary>
/// <remarks>
/// It is a <see cref="Microsoft.ML.Tokenizers.Tokenizer"/>: code written for that takes it. What that class's methods return has no special tokens added, and offsets
/// index the ORIGINAL text, so the normalised text they may hand out is always null.
/// A lone surrogate, which no well-formed text holds, is dropped, as U+FFFD is.
/// </remarks>
public sealed partial class BertTokenizer : Tokenizer
{
    private readonly CharacterTable characters;
    private readonly BertNormalizer normalizer;
    private readonly BertPreTokenizer preTokenizer = new();
    private readonly SpecialTokens specials;

    private BertTokenizer(WordPieceVocabulary vocabulary, BertTokenizerOptions options)
    {
        Options = options;
        var faults = new List<string>();
        UnkId = IdOf(options.UnkToken, nameof(options.UnkToken));
        ClsId = IdOf(options.ClsToken, nameof(options.ClsToken));
        SepId = IdOf(options.SepToken, nameof(options.SepToken));
        PadId = IdOf(options.PadToken, nameof(options.PadToken));
        MaskId = vocabulary.TryGetId(options.MaskToken, out var mask) ? mask : null;
        foreach (var token in options.AdditionalSpecialTokens)
            IdOf(token, nameof(options.AdditionalSpecialTokens));
        if (faults.Count > 0)
            throw new TokenizerException(
                $"The vocabulary of {vocabulary.Count} pieces lacks special tokens: {string.Join(", ", faults)}. "
                    + "Add them to the vocabulary, or name in the options what stands for them."
            );

        Model = new WordPieceModel(vocabulary, UnkId, options.MaxWordLength);
        characters = CharacterTableBuilder.Build(options);
        normalizer = new BertNormalizer(options);
        specials = new SpecialTokens(
            vocabulary,
            [options.UnkToken, options.ClsToken, options.SepToken, options.PadToken, options.MaskToken, .. options.AdditionalSpecialTokens]
        );

        int IdOf(string token, string option)
        {
            if (token.Length > 0 && vocabulary.TryGetId(token, out var found))
                return found;
            faults.Add($"'{token}' ({option})");
            return 0;
        }
    }

    /// <summary>Normalisation and special tokens.</summary>
    public BertTokenizerOptions Options { get; }

    /// <summary>The WordPiece model over the vocabulary.</summary>
    public WordPieceModel Model { get; }

    /// <summary>What <see cref="FromPretrained"/> had to guess or could not follow, each a sentence; empty when the files left nothing open.</summary>
    public IReadOnlyList<string> LoadNotes { get; private init; } = [];

    /// <summary>Whether no file said if text is lower-cased, so that the vocabulary had to tell.</summary>
    public bool CasingWasGuessed { get; private init; }

    /// <summary>The pieces and their ids.</summary>
    public WordPieceVocabulary Vocabulary => Model.Vocabulary;

    /// <summary>The id of a word that cannot be spelled.</summary>
    public int UnkId { get; }

    /// <summary>The id that opens every encoding.</summary>
    public int ClsId { get; }

    /// <summary>The id that closes every sequence.</summary>
    public int SepId { get; }

    /// <summary>The id that fills rows of a batch.</summary>
    public int PadId { get; }

    /// <summary>The id of a hidden word; null if the vocabulary has none.</summary>
    public int? MaskId { get; }

    /// <summary>The tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The pieces in order of their ids.</param>
    /// <param name="options">Normalisation and special tokens; null: those of BERT uncased.</param>
    /// <exception cref="TokenizerException">The vocabulary has a piece twice or lacks a special token.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="BertTokenizerOptions.MaxWordLength"/> is not in 1 to 1000.</exception>
    public static BertTokenizer Create(IEnumerable<string> vocabulary, BertTokenizerOptions? options = null) =>
        new(WordPieceVocabulary.Create(vocabulary), options ?? new BertTokenizerOptions());

    /// <inheritdoc cref="Create(IEnumerable{string}, BertTokenizerOptions?)"/>
    public static BertTokenizer Create(WordPieceVocabulary vocabulary, BertTokenizerOptions? options = null) =>
        new(vocabulary, options ?? new BertTokenizerOptions());

    /// <summary>
    /// The tokenizer that was saved with a model: <c>vocab.txt</c> or <c>tokenizer.json</c> or both, and <c>tokenizer_config.json</c> and
    /// <c>special_tokens_map.json</c> where they are there. What one file states is taken; where nothing says whether text is lower-cased, it is unless
    /// the vocabulary has capitalised words, and <see cref="LoadNotes"/> says so (the reference, since transformers 5, reads
    /// <c>tokenizer_config.json</c> alone and takes such a folder as cased).
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="TokenizerException">
    /// No vocabulary is there, a file is broken, a special token is missing, or files contradict each other in a way that changes ids; all
    /// contradictions are in one message.
    /// </exception>
    public static BertTokenizer FromPretrained(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var loaded = PretrainedTokenizer.Load(folder);
        return new BertTokenizer(loaded.Vocabulary, loaded.Options)
        {
            LoadNotes = loaded.Notes,
            CasingWasGuessed = loaded.CasingWasGuessed,
        };
    }

    /// <summary>
    /// Writes <c>vocab.txt</c>, <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>, as <see cref="FromPretrained"/> and the
    /// reference read them; what is read again gives the ids and offsets of this tokenizer. Each file is written under a temporary name, flushed to the
    /// disk and renamed; other files of the folder stay.
    /// </summary>
    /// <param name="folder">The folder, which must exist.</param>
    /// <exception cref="TokenizerException">
    /// There is no such folder, a file cannot be written, or a piece cannot stand on a line of <c>vocab.txt</c>; no temporary file stays.
    /// </exception>
    public void SavePretrained(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        SavedTokenizer.Write(this, folder);
    }

    /// <summary>Encodes one text: <c>[CLS] text [SEP]</c>.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="options">Null: <see cref="EncodeOptions.Default"/>.</param>
    public Encoding Encode(string text, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= EncodeOptions.Default;
        var encoder = StartEncoder(text);
        try
        {
            AppendText(ref encoder, text, options);
            var edge = options.AddSpecialTokens ? 1 : 0;
            var encoding = new Encoding(Vocabulary, text, null, encoder.Tokens.Count + 2 * edge);
            encoding.SetSequence(edge, encoder.Tokens, sequence: 0);
            if (options.AddSpecialTokens)
            {
                encoding.SetSpecial(0, ClsId, 0);
                encoding.SetSpecial(encoding.Length - 1, SepId, 0);
            }
            return encoding;
        }
        finally
        {
            encoder.Dispose();
        }
    }

    /// <summary>Encodes two texts: <c>[CLS] text [SEP] pair [SEP]</c>, also when the second is empty (as the reference's batches do).</summary>
    /// <param name="text">The first text; may be empty.</param>
    /// <param name="pair">The second text; may be empty.</param>
    /// <param name="options">Null: <see cref="EncodeOptions.Default"/>.</param>
    public Encoding Encode(string text, string pair, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pair);
        options ??= EncodeOptions.Default;
        var first = StartEncoder(text);
        var second = StartEncoder(pair);
        try
        {
            AppendText(ref first, text, options);
            AppendText(ref second, pair, options);
            return Join(text, pair, first.Tokens, second.Tokens, options.AddSpecialTokens);
        }
        finally
        {
            first.Dispose();
            second.Dispose();
        }
    }

    /// <summary>
    /// The text of ids, as the reference's WordPiece decoder puts it together: pieces that continue a word are joined to it, others follow a space, and
    /// no space stands before a full stop, question mark, exclamation mark or comma. What normalisation changed stays changed.
    /// </summary>
    /// <param name="ids">Vocabulary ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">No piece has such an id.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens) =>
        string.Concat(Decoded(skipSpecialTokens ? ids.Where(id => !specials.Contains(id)) : ids));

    private Encoding Join(string text, string pair, in TokenBuffer first, in TokenBuffer second, bool addSpecialTokens)
    {
        var edge = addSpecialTokens ? 1 : 0;
        var encoding = new Encoding(Vocabulary, text, pair, first.Count + second.Count + 3 * edge);
        var secondAt = first.Count + 2 * edge;
        encoding.SetSequence(edge, first, sequence: 0);
        encoding.SetSequence(secondAt, second, sequence: 1);
        if (addSpecialTokens)
        {
            encoding.SetSpecial(0, ClsId, 0);
            encoding.SetSpecial(secondAt - 1, SepId, 0);
            encoding.SetSpecial(encoding.Length - 1, SepId, 1);
        }
        return encoding;
    }

    private TextEncoder StartEncoder(ReadOnlySpan<char> text) => new(characters, normalizer, Model, text);

    private void AppendText(ref TextEncoder encoder, ReadOnlySpan<char> text, EncodeOptions options)
    {
        var start = 0;
        if (!options.SplitSpecialTokens)
            while (specials.Find(text[start..], out var index) is { } special)
            {
                var at = start + index;
                encoder.Append(start, at);
                encoder.AppendSpecial(special.Id, at, start = at + special.Token.Length);
            }
        encoder.Append(start, text.Length);
    }

    private IEnumerable<string> Decoded(IEnumerable<int> ids)
    {
        var first = true;
        foreach (var id in ids)
        {
            yield return Decoded(Vocabulary[id], first);
            first = false;
        }
    }

    private static string Decoded(string token, bool first) =>
        first ? token
        : token.StartsWith(WordPieceVocabulary.ContinuationPrefix, StringComparison.Ordinal)
            ? token[WordPieceVocabulary.ContinuationPrefix.Length..]
        : token is "." or "?" or "!" or "," ? token
        : " " + token;
}
