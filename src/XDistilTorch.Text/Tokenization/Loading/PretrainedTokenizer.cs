using System.Globalization;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>
/// A tokenizer's folder as Hugging Face saves it. The vocabulary comes from <c>vocab.txt</c> or <c>tokenizer.json</c>; everything else is taken from
/// whichever file states it, and must not be stated twice with different results.
/// </summary>
internal sealed class PretrainedTokenizer
{
    public const string VocabularyName = "vocab.txt",
        TokenizerName = "tokenizer.json",
        ConfigName = "tokenizer_config.json",
        SpecialTokensName = "special_tokens_map.json";

    /// <summary>A token that a file states beside the vocabulary.</summary>
    private sealed record StatedToken(JsonPlace Place, string Token, int? Id);

    private readonly string folder;
    private readonly List<string> faults = [];
    private readonly List<string> notes = [];
    private readonly JsonPlace? config;
    private readonly JsonPlace? specialTokensMap;
    private readonly TokenizerJson? tokenizer;
    private readonly string vocabularyName;

    private PretrainedTokenizer(string folder)
    {
        this.folder = folder;
        var vocabularyFile = TokenizerFile.TryRead(folder, VocabularyName);
        var tokenizerFile = TokenizerFile.TryRead(folder, TokenizerName);
        config = Place(TokenizerFile.TryRead(folder, ConfigName));
        specialTokensMap = Place(TokenizerFile.TryRead(folder, SpecialTokensName));

        var vocabulary = vocabularyFile is null ? null : VocabularyFile.Read(vocabularyFile);
        tokenizer = tokenizerFile is null ? null : TokenizerJson.Read(tokenizerFile, vocabulary);
        if (tokenizer?.Difference is { } difference)
            faults.Add($"vocabulary: {difference}");
        vocabularyName = vocabulary is null ? TokenizerName : VocabularyName;
        Vocabulary = vocabulary ?? tokenizer?.Vocabulary ?? throw NoVocabulary();
        Options = ReadOptions();
        if (faults.Count > 0)
            throw new TokenizerException(
                $"{folder}: the tokenizer's files do not fit together, or cannot be followed, in ways that change ids:\n  {string.Join("\n  ", faults)}\n"
                    + "Correct what is wrong, or remove the file that belongs to another model."
            );
    }

    public WordPieceVocabulary Vocabulary { get; }

    public BertTokenizerOptions Options { get; }

    public IReadOnlyList<string> Notes => notes;

    public bool CasingWasGuessed { get; private set; }

    public static PretrainedTokenizer Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new TokenizerException(
                $"{folder}: there is no such folder; expected one with {VocabularyName} or {TokenizerName}. Give the folder that the model was saved to."
            );
        return new PretrainedTokenizer(folder);
    }

    private static JsonPlace? Place(TokenizerFile? file) => file is null ? null : new JsonPlace(file, "", file.ParseObject());

    private TokenizerException NoVocabulary() =>
        new(
            $"{folder}: found {(tokenizer is null ? $"neither {VocabularyName} nor {TokenizerName}" : $"no {VocabularyName}, and {TokenizerName} without model.vocab")}; "
                + "expected a WordPiece vocabulary in one of them. Copy the tokenizer's files next to the model's."
        );

    private BertTokenizerOptions ReadOptions()
    {
        var normalizer = FollowTokenizerJson();
        var (lowerCase, stripAccents) = ReadCasing(normalizer);
        var chinese = new StatedSetting("Chinese characters");
        Add(chinese, config, "tokenize_chinese_chars");
        Add(chinese, normalizer, "handle_chinese_chars");
        chinese.CheckAgreement(faults);

        var options = new BertTokenizerOptions
        {
            LowerCase = lowerCase,
            StripAccents = stripAccents,
            TokenizeChineseChars = chinese.Or(true),
            UnkToken = ReadSpecial("unk_token", "[UNK]", required: true),
            ClsToken = ReadSpecial("cls_token", "[CLS]", required: true),
            SepToken = ReadSpecial("sep_token", "[SEP]", required: true),
            PadToken = ReadSpecial("pad_token", "[PAD]", required: true),
            MaskToken = ReadSpecial("mask_token", "[MASK]", required: false),
            ModelMaxLength = ReadModelMaxLength(),
            MaxWordLength = ReadMaxWordLength(),
        };
        return options with { AdditionalSpecialTokens = ReadAdditional(options) };
    }

    /// <summary>The normaliser of tokenizer.json; everything in that file that this tokenizer does not do is noted as a fault.</summary>
    private JsonPlace? FollowTokenizerJson()
    {
        if (tokenizer is null)
            return null;
        var root = tokenizer.Root;
        Require(tokenizer.Model, "type", "WordPiece");
        Require(tokenizer.Model, "continuing_subword_prefix", WordPieceVocabulary.ContinuationPrefix);
        foreach (var (section, type) in new[] { ("normalizer", "BertNormalizer"), ("pre_tokenizer", "BertPreTokenizer") })
            if (root.Object(section) is { } place)
                Require(place, "type", type);
            else if (root.Has(section))
                faults.Add($"{TokenizerName} has {section} = null; only {type} is followed");
        var normalizer = root.Object("normalizer");
        if (normalizer?.Boolean("clean_text") == false)
            faults.Add($"{TokenizerName} has normalizer.clean_text = false; only true is followed");
        return normalizer;
    }

    private void Require(JsonPlace place, string field, string expected)
    {
        if (place.String(field) is { } found && found != expected)
            faults.Add($"{place.File.Name} has {place.PathOf(field)} = '{found}'; only '{expected}' is followed");
    }

    private (bool LowerCase, bool? StripAccents) ReadCasing(JsonPlace? normalizer)
    {
        var lower = new StatedSetting("lower case");
        Add(lower, config, "do_lower_case");
        Add(lower, normalizer, "lowercase");
        lower.CheckAgreement(faults);
        var lowerCase = lower.IsStated ? lower.Or(true) : GuessLowerCase();

        // "null" is a statement too, that accents go with case; only what comes of it can contradict.
        var strip = new StatedSetting("accents");
        bool? stated = null;
        foreach (var place in new[] { config, normalizer })
            if (place is { } p && p.Has("strip_accents"))
            {
                var value = p.Boolean("strip_accents");
                stated ??= value;
                strip.Add(
                    p,
                    "strip_accents",
                    value ?? lowerCase,
                    value is null ? $"null (as lower case: {(lowerCase ? "true" : "false")})" : null
                );
            }
        strip.CheckAgreement(faults);
        return (lowerCase, stated);
    }

    private bool GuessLowerCase()
    {
        var capitalised = CapitalisedWord();
        CasingWasGuessed = true;
        notes.Add(
            $"No file in {folder} says whether text is lower-cased; guessed that it is{(capitalised is null ? "" : " not")}, because the vocabulary has "
                + $"{(capitalised is null ? "no capitalised words" : $"capitalised words, such as '{capitalised}'")}. State do_lower_case in {ConfigName}."
        );
        return capitalised is null;
    }

    private string? CapitalisedWord()
    {
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            var piece = Vocabulary.Piece(id);
            if (piece.Length >= 2 && BertNormalizer.HasLowerCase(CodePoints.At(piece, 0, out _)))
                return piece.ToString();
        }
        return null;
    }

    private string ReadSpecial(string field, string whenUnstated, bool required)
    {
        var setting = new StatedSetting($"special token {field}");
        foreach (var place in new[] { config, specialTokensMap })
            if (place is { } p)
                setting.Add(p, field, p.Token(field));
        if (tokenizer is not null)
            setting.Add(tokenizer.Model, field, tokenizer.Model.Token(field));
        setting.CheckAgreement(faults);
        var token = setting.Or(whenUnstated);
        if (required && !Vocabulary.TryGetId(token, out _))
            faults.Add(
                $"{vocabularyName} lacks the special token '{token}' ({setting.Source}); expected it among its {Vocabulary.Count} pieces"
            );
        return token;
    }

    /// <summary>Special tokens beyond BERT's five, and a check of every id that a file states beside the vocabulary.</summary>
    private List<string> ReadAdditional(BertTokenizerOptions options)
    {
        string[] named = [options.UnkToken, options.ClsToken, options.SepToken, options.PadToken, options.MaskToken];
        var additional = new List<string>();
        foreach (var place in new[] { config, specialTokensMap })
        foreach (var token in place?.Tokens("additional_special_tokens") ?? [])
            if (CheckId(place!, "additional_special_tokens", token, null))
                additional.Add(token);
        foreach (var (place, token, id) in AddedTokens())
        {
            if (!CheckId(place, "id", token, id))
                continue;
            if (place.Boolean("special") == false && !named.Contains(token))
                faults.Add($"{place.File.Name} has {place.PathOf("special")} = false for '{token}'; only special tokens are followed");
            foreach (var habit in new[] { "lstrip", "rstrip", "single_word", "normalized" })
                if (place.Boolean(habit) == true)
                    notes.Add(
                        $"{place.File.Name} has {place.PathOf(habit)} = true for '{token}', which is not followed where a text spells it out."
                    );
            additional.Add(token);
        }
        foreach (var (place, token, id) in PostProcessorTokens())
            CheckId(place, "ids", token, id);
        return [.. additional.Except(named).Distinct()];
    }

    private bool CheckId(JsonPlace place, string field, string token, int? id)
    {
        if (!Vocabulary.TryGetId(token, out var known))
            faults.Add(
                $"special ids: {place.File.Name} has '{token}'{(id is null ? "" : $" with id {id}")} in {place.PathOf(field)}, "
                    + $"{vocabularyName} lacks it among its {Vocabulary.Count} pieces"
            );
        else if (id is not null && id != known)
            faults.Add(
                $"special ids: {place.File.Name} has {place.PathOf(field)} = {id} for '{token}', {vocabularyName} has it as {known}"
            );
        else
            return true;
        return false;
    }

    private IEnumerable<StatedToken> AddedTokens()
    {
        foreach (var added in tokenizer?.Root.Objects("added_tokens") ?? [])
            if (added.Token("content") is { } token)
                yield return new(added, token, (int?)added.Number("id"));
        if (config?.Object("added_tokens_decoder") is { } decoder)
            foreach (var entry in decoder.Element.EnumerateObject())
                if (decoder.Object(entry.Name) is { } added && added.Token("content") is { } token)
                    yield return new(added, token, int.TryParse(entry.Name, CultureInfo.InvariantCulture, out var id) ? id : null);
    }

    private IEnumerable<StatedToken> PostProcessorTokens()
    {
        if (tokenizer?.Root.Object("post_processor")?.Object("special_tokens") is not { } specials)
            yield break;
        foreach (var entry in specials.Element.EnumerateObject())
            if (specials.Object(entry.Name) is { } special && special.Element.TryGetProperty("ids", out var ids))
                if (
                    ids is { ValueKind: System.Text.Json.JsonValueKind.Array }
                    && ids.GetArrayLength() == 1
                    && ids[0].TryGetInt32(out var id)
                )
                    yield return new(special, entry.Name, id);
    }

    private int? ReadModelMaxLength()
    {
        if (config?.Number("model_max_length") is not { } number)
            return null;
        if (number < 1 || Math.Floor(number) != number)
            throw config.File.Fault("model_max_length", $"found {number}, expected a whole number of tokens. Correct the field.");
        return number > int.MaxValue ? null : (int)number; // the reference writes 10^30 for "unknown"
    }

    private int ReadMaxWordLength()
    {
        if (tokenizer?.Model.Number("max_input_chars_per_word") is not { } number)
            return 100;
        if (number is < 1 or > 1000 || Math.Floor(number) != number)
            faults.Add($"{TokenizerName} has model.max_input_chars_per_word = {number}; only 1 to 1000 are followed");
        return (int)Math.Clamp(number, 1, 1000);
    }

    private static void Add(StatedSetting setting, JsonPlace? place, string field)
    {
        if (place is { } p)
            setting.Add(p, field, p.Boolean(field));
    }
}
