using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>The model's door: what comes in fits the config, or one <see cref="ArgumentException"/> says what does not.</summary>
internal static class InputCheck
{
    /// <summary>Checks everything and gives B and S.</summary>
    public static (long Batch, long Length) Check(BertInput input, BertConfig config)
    {
        if (input.InputIds is null == input.InputsEmbeds is null)
            throw new ArgumentException(
                "give either InputIds or InputsEmbeds" + (input.InputIds is null ? "." : ", not both."),
                nameof(input)
            );
        var (batch, length) = input.InputIds is { } ids ? CheckIds(ids, config) : CheckEmbeds(input.InputsEmbeds!, config);
        if (batch < 1 || length < 1)
            throw new ArgumentException($"the input is [{batch}, {length}], expected at least one window of one token.", nameof(input));
        if (length > config.MaxPositionEmbeddings)
            throw new ArgumentException(
                $"the input has {length} tokens, this model has positions for {config.MaxPositionEmbeddings}.",
                nameof(input)
            );
        if (input.TokenTypeIds is { } types)
            CheckIndices(types, "TokenTypeIds", config.TypeVocabSize, batch, length, broadcastRows: false);
        if (input.PositionIds is { } positions)
            CheckIndices(positions, "PositionIds", config.MaxPositionEmbeddings, batch, length, broadcastRows: true);
        return (batch, length);
    }

    private static (long, long) CheckIds(Tensor ids, BertConfig config)
    {
        if (ids.shape is not [var batch, var length])
            throw new ArgumentException($"InputIds is [{string.Join(", ", ids.shape)}], expected [windows, tokens].", nameof(ids));
        CheckIndices(ids, "InputIds", config.VocabSize, batch, length, broadcastRows: false);
        return (batch, length);
    }

    private static (long, long) CheckEmbeds(Tensor embeds, BertConfig config) =>
        embeds.shape is [var batch, var length, var width] && width == config.HiddenSize && embeds.is_floating_point()
            ? (batch, length)
            : throw new ArgumentException(
                $"InputsEmbeds is {embeds.dtype} [{string.Join(", ", embeds.shape)}], expected floating point [windows, tokens, {config.HiddenSize}].",
                nameof(embeds)
            );

    private static void CheckIndices(Tensor indices, string name, long count, long batch, long length, bool broadcastRows)
    {
        if (indices.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ArgumentException($"{name} is {indices.dtype}, expected Int64 or Int32.", name);
        if (indices.shape is not [var rows, var columns] || columns != length || !(rows == batch || broadcastRows && rows == 1))
            throw new ArgumentException($"{name} is [{string.Join(", ", indices.shape)}], expected [{batch}, {length}].", name);
        if (batch == 0 || length == 0)
            return;
        using var scope = NewDisposeScope();
        long least = indices.min().to(ScalarType.Int64).item<long>(),
            most = indices.max().to(ScalarType.Int64).item<long>();
        if (least < 0 || most >= count)
            throw new ArgumentException($"{name} holds {(least < 0 ? least : most)}, expected 0 to {count - 1}.", name);
    }
}
