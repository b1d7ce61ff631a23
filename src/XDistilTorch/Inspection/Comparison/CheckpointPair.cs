using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>Two checkpoints that can be held side by side: of one shape, on one device, and with the same token ids for every text.</summary>
public sealed class CheckpointPair
{
    /// <summary>Takes two loaded models, which stay the caller's; the same one twice is allowed.</summary>
    /// <param name="before">A model.</param>
    /// <param name="after">Another, by custom the first one after training.</param>
    /// <exception cref="InspectionException">They do not compare; everything that stands against it is in the message.</exception>
    public CheckpointPair(QuestionAnswerer before, QuestionAnswerer after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        (Before, After) = (before, after);
        string[] faults = [.. ShapeFaults(before.Model.Config, after.Model.Config), .. VocabularyFaults(before.Tokenizer, after.Tokenizer)];
        if (faults.Length > 0)
            throw new InspectionException(
                $"{before.Folder} and {after.Folder} do not compare:\n  {string.Join("\n  ", faults)}\nExpected two checkpoints of one model, such as before and after fine-tuning."
            );
        if (before.Device.ToString() != after.Device.ToString())
            throw new InspectionException($"the models are on {before.Device} and on {after.Device}; expected both on one device.");
    }

    /// <summary>The model before.</summary>
    public QuestionAnswerer Before { get; }

    /// <summary>The model after.</summary>
    public QuestionAnswerer After { get; }

    private static IEnumerable<string> ShapeFaults(BertConfig one, BertConfig other)
    {
        (string Name, int One, int Other)[] sizes =
        [
            ("num_hidden_layers", one.NumHiddenLayers, other.NumHiddenLayers),
            ("num_attention_heads", one.NumAttentionHeads, other.NumAttentionHeads),
            ("hidden_size", one.HiddenSize, other.HiddenSize),
            ("intermediate_size", one.IntermediateSize, other.IntermediateSize),
            ("max_position_embeddings", one.MaxPositionEmbeddings, other.MaxPositionEmbeddings),
            ("type_vocab_size", one.TypeVocabSize, other.TypeVocabSize),
            ("vocab_size", one.VocabSize, other.VocabSize),
        ];
        foreach (var (name, first, second) in sizes)
            if (first != second)
                yield return FormattableString.Invariant($"{name} is {first} and {second}");
        for (var layer = 0; layer < Math.Min(one.NumHiddenLayers, other.NumHiddenLayers); layer++)
            if (one.NumAttentionHeads == other.NumAttentionHeads && !one.KeptHeads(layer).SequenceEqual(other.KeptHeads(layer)))
                yield return FormattableString.Invariant($"layer {layer} has other heads left: pruned_heads differ");
    }

    private static IEnumerable<string> VocabularyFaults(BertTokenizer one, BertTokenizer other)
    {
        var shared = Math.Min(one.Vocabulary.Count, other.Vocabulary.Count);
        int[] differing = [.. Enumerable.Range(0, shared).Where(id => one.Vocabulary[id] != other.Vocabulary[id])];
        if (differing is [var first, ..])
            yield return FormattableString.Invariant(
                $"{differing.Length:N0} token ids stand for other tokens, the first is {first}: \"{one.Vocabulary[first]}\" and \"{other.Vocabulary[first]}\""
            );
        (string Name, object One, object Other)[] rules =
        [
            ("do_lower_case", one.Options.LowerCase, other.Options.LowerCase),
            ("strip_accents", one.Options.StripsAccents, other.Options.StripsAccents),
            ("tokenize_chinese_chars", one.Options.TokenizeChineseChars, other.Options.TokenizeChineseChars),
            ("the longest word that is split", one.Options.MaxWordLength, other.Options.MaxWordLength),
            ("unk_token", one.Options.UnkToken, other.Options.UnkToken),
            ("cls_token", one.Options.ClsToken, other.Options.ClsToken),
            ("sep_token", one.Options.SepToken, other.Options.SepToken),
        ];
        foreach (var (name, here, there) in rules)
            if (!here.Equals(there))
                yield return $"{name} is {here} and {there}: texts become other tokens";
    }
}
