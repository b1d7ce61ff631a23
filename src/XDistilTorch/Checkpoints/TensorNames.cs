namespace XDistilTorch.Checkpoints;

/// <summary>How the names of tensors in files have varied over the years, and what files hold beside the model itself.</summary>
internal static class TensorNames
{
    /// <summary>What the names of a bare encoder's file leave out.</summary>
    public const string Prefix = "bert.";

    /// <summary>The parameter that a tensor of this name is for, or null; an exact name goes first.</summary>
    public static string? ParameterFor(string found, Func<string, bool> isParameter)
    {
        if (isParameter(found))
            return found;
        var modern = Modern(found);
        if (isParameter(modern))
            return modern;
        return isParameter(Prefix + modern) ? Prefix + modern : null;
    }

    /// <summary>The name of today for one of before 2019; other names as they are.</summary>
    public static string Modern(string name) =>
        name switch
        {
            _ when IsPath(name, "LayerNorm.gamma") => name[..^"gamma".Length] + "weight",
            _ when IsPath(name, "LayerNorm.beta") => name[..^"beta".Length] + "bias",
            _ => name,
        };

    /// <summary>Why a tensor of this name is not needed, if that is known.</summary>
    public static string? WhyNotNeeded(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return bare switch
        {
            _ when bare.StartsWith("pooler.", StringComparison.Ordinal) => "the pooler, which question answering does not use",
            _ when IsPath(bare, "position_ids") => "position ids, which are counted anew",
            _ when name.StartsWith("cls.", StringComparison.Ordinal) => "a head of pre-training",
            _ => null,
        };
    }

    private static bool IsPath(string name, string end) => name == end || name.EndsWith("." + end, StringComparison.Ordinal);
}
